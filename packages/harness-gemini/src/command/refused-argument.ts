import { dropUndefined, InvalidOptionsError } from "@glovebox/core/provider";

interface Refusal {
  readonly reason: string;
  readonly hint?: string;
}

const automatic = { reason: "the run always sets it" };
const noTask = { reason: "it runs no task" };
const prompt = { reason: "the prompt is sent on standard input" };
const otherSession = {
  reason: "the sandbox is new and holds no earlier conversation",
  hint: "Continue an earlier run with its conversation: `glovebox resume`.",
};

/** Read from `gemini --help` of the pinned version. */
const refused: Readonly<Record<string, Refusal>> = {
  "-o": { reason: "the run reads the output" },
  "--output-format": { reason: "the run reads the output" },
  "-p": prompt,
  "--prompt": prompt,
  "--": prompt,
  "-i": { reason: "the run has no terminal" },
  "--prompt-interactive": { reason: "the run has no terminal" },
  "-y": automatic,
  "--yolo": automatic,
  "--approval-mode": automatic,
  "--skip-trust": automatic,
  "-m": { ...automatic, hint: "Use the run's own --model." },
  "--model": { ...automatic, hint: "Use the run's own --model." },
  "-s": { reason: "the run is in a sandbox already" },
  "--sandbox": { reason: "the run is in a sandbox already" },
  "-w": { reason: "the workspace is a copy already" },
  "--worktree": { reason: "the workspace is a copy already" },
  "-r": otherSession,
  "--resume": otherSession,
  "--session-file": otherSession,
  "--session-id": { reason: "Gemini CLI chooses the id" },
  "--delete-session": noTask,
  "--list-sessions": noTask,
  "-l": noTask,
  "--list-extensions": noTask,
  "--acp": { reason: "the run speaks another protocol" },
  "--experimental-acp": { reason: "the run speaks another protocol" },
  "--allowed-tools": { reason: "every tool is allowed in the sandbox", hint: "Pass --policy to deny tools." },
  "--raw-output": { reason: "control characters of a model do not belong in the output" },
  "--accept-raw-output-risk": { reason: "control characters of a model do not belong in the output" },
  "-h": noTask,
  "--help": noTask,
  "-v": noTask,
  "--version": noTask,
};

/** Throws `invalid-options` for arguments that would change the input, the output, the model or the session of a run. */
export function checkExtraArgs(args: readonly string[]): void {
  const [first] = args;
  if (first !== undefined && !first.startsWith("-")) {
    throw new InvalidOptionsError(`Gemini CLI's arguments must begin with a flag, not with ${JSON.stringify(first)}`, {
      hint: "Pass the prompt to the run itself.",
    });
  }
  for (const argument of args) {
    if (/^-[a-z]{2,}/i.test(argument)) {
      throw new InvalidOptionsError(
        `The argument ${argument} cannot be passed to Gemini CLI: write short flags separately`,
      );
    }
    const flag = canonical(argument);
    const found = refused[flag];
    if (found === undefined) continue;
    const { reason, hint } = found;
    throw new InvalidOptionsError(
      `The argument ${flag} cannot be passed to Gemini CLI: ${reason}`,
      dropUndefined({ hint }),
    );
  }
}

/** yargs also accepts `--no-foo`, and `--fooBar` for `--foo-bar`. */
function canonical(argument: string): string {
  const flag = (argument.split("=", 1)[0] ?? "").replace(/^--no-/, "--");
  return flag.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
