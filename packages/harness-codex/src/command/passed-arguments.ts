import { InvalidOptionsError } from "@glovebox/core/provider";

const automatic = "the run always sets it";
const sandboxed = "the sandbox of the run is the limit";
const oneModel = "the run decides where the model is";
const otherSession = "the run decides which conversation it continues";
const noTask = "it runs no task";

/** Read from `codex exec --help` of the pinned version. */
const refused: Readonly<Record<string, string>> = {
  "--json": automatic,
  "--skip-git-repo-check": automatic,
  "--dangerously-bypass-approvals-and-sandbox": automatic,
  "-s": sandboxed,
  "--sandbox": sandboxed,
  "--approve-for-me": sandboxed,
  "--dangerously-bypass-hook-trust": "hooks of the workspace are not trusted",
  "--trust": "the workspace is not trusted: its .codex directory could choose another model",
  "-m": "the run has an option for the model",
  "--model": "the run has an option for the model",
  "--oss": oneModel,
  "--local-provider": oneModel,
  "--remote": oneModel,
  "--remote-auth-token-env": oneModel,
  "-p": "the configuration comes from the run",
  "--profile": "the configuration comes from the run",
  "--ignore-user-config": "the configuration comes from the run",
  "--enable": "features could reach other services",
  "--disable": "features could reach other services",
  "-C": "the run works in its workspace",
  "--cd": "the run works in its workspace",
  "--add-dir": "the run has an option for further directories",
  "--worktree": "the workspace is a copy already, and what lies in a worktree does not come back",
  "--thread-source": otherSession,
  "--ephemeral": "the conversation comes back with the run",
  "--last": otherSession,
  "--all": otherSession,
  "--output-schema": "the run has an option for a schema",
  "--color": "the output is read by the run",
  "-h": noTask,
  "--help": noTask,
  "-V": noTask,
  "--version": noTask,
  "--": "the prompt travels on standard input",
  "-": "the prompt travels on standard input",
};

/** Flags that change neither the model's address nor the limits, and whether a value follows. */
const passed: Readonly<Record<string, boolean>> = {
  "-c": true,
  "--config": true,
  "-i": true,
  "--image": true,
  "-o": true,
  "--output-last-message": true,
  "--cyber-access-program": true,
  "--ignore-rules": false,
};

/** Keys of `-c` that change how the model answers and nothing else. */
const settings: ReadonlySet<string> = new Set([
  "model_reasoning_effort",
  "model_reasoning_summary",
  "model_verbosity",
  "model_context_window",
  "model_auto_compact_token_limit",
  "tool_output_token_limit",
  "service_tier",
  "web_search",
]);

/** Throws `invalid-options` for an argument that Codex cannot be given, with the reason. */
export function checkArguments(args: readonly string[]): void {
  const rest = [...args];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const [flag, attached] = split(argument);
    if (!argument.startsWith("-")) {
      throw new InvalidOptionsError(`Codex's arguments must be flags, and ${JSON.stringify(argument)} is not one`, {
        hint: "The prompt is given to the run itself, and Codex's subcommands run no task.",
      });
    }
    const takesValue = passed[flag];
    if (takesValue === undefined) throw refusal(flag, refused[flag] ?? "Glovebox does not know what it changes");
    if (!takesValue) continue;
    const value = attached ?? rest.shift();
    if (value === undefined) throw refusal(flag, "it has no value");
    if (flag === "-c" || flag === "--config") checkSetting(flag, value);
  }
}

/** `-cKEY=VALUE` and `--config=KEY=VALUE` hold their value. */
function split(argument: string): readonly [flag: string, value: string | undefined] {
  if (argument.startsWith("--")) {
    const at = argument.indexOf("=");
    return at < 0 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)];
  }
  const rest = argument.slice(2).replace(/^=/, "");
  return [argument.slice(0, 2), rest === "" ? undefined : rest];
}

function checkSetting(flag: string, value: string): void {
  const key = value.split("=", 1)[0]?.trim() ?? "";
  if (settings.has(key)) return;
  throw new InvalidOptionsError(
    `The argument ${flag} ${key} cannot be passed on to Codex: it is not a setting of how the model answers`,
    {
      hint: `Possible are ${[...settings].join(", ")}.`,
    },
  );
}

function refusal(flag: string, reason: string): InvalidOptionsError {
  return new InvalidOptionsError(`The argument ${flag} cannot be passed on to Codex: ${reason}`);
}
