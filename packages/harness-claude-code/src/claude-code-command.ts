import type { HarnessCommand, HarnessTask } from "@glovebox/core/harness";
import { dropUndefined, InvalidOptionsError } from "@glovebox/core/provider";
import { headlessArgv, headlessEnvironment, modelFlags } from "./headless/headless-command.ts";
import { promptText } from "./headless/prompt-text.ts";
import { refusedArgument } from "./refused-argument.ts";

/** Linux takes at most 128 KiB as one argument, its end included. */
const maxArgumentBytes = 128 * 1024 - 1;

const runEnvironment: Readonly<Record<string, string>> = {
  ...headlessEnvironment,
  // The model route is a loopback address: a proxy variable in the sandbox must not lead around it.
  NO_PROXY: "127.0.0.1,localhost",
  no_proxy: "127.0.0.1,localhost",
};

/** What is started in the sandbox for a task. What the harness would not survive is `invalid-options`. */
export function claudeCodeCommand(task: HarnessTask, binary: string): HarnessCommand {
  if (task.prompt.trim() === "") throw new InvalidOptionsError("The prompt is empty");
  checkExtraArgs(task.extraArgs ?? []);
  checkSession(task);
  checkSchema(task);
  const argv = headlessArgv(binary, "stream-json", taskFlags(task), task);
  argv.push(...(task.extraArgs ?? []));
  for (const argument of argv) checkArgument(argument);
  return {
    argv,
    stdin: new TextEncoder().encode(promptText(task.prompt, [])),
    env: runEnvironment,
    cwd: task.workspaceDir,
  };
}

/** What is started in a terminal of the sandbox for a task whose prompt may be empty. */
export function claudeCodeTerminalCommand(
  task: HarnessTask,
  binary: string,
  flags: readonly string[],
): Pick<HarnessCommand, "argv" | "env" | "cwd"> {
  checkExtraArgs(task.extraArgs ?? []);
  checkSession(task);
  for (const [name, value] of Object.entries({ maxTurns: task.maxTurns, maxBudgetUsd: task.maxBudgetUsd })) {
    if (value !== undefined) throw new InvalidOptionsError(`Claude Code has no ${name} at a terminal`);
  }
  const own = ["--dangerously-skip-permissions", ...flags, ...taskFlags(task), ...(task.extraArgs ?? [])];
  // A prompt may begin with a dash.
  const argv: [string, ...string[]] = [
    binary,
    ...own,
    ...(task.prompt.trim() === "" ? [] : ["--", promptText(task.prompt, [])]),
  ];
  for (const argument of argv) checkArgument(argument);
  return { argv, env: runEnvironment, cwd: task.workspaceDir };
}

function taskFlags(task: HarnessTask): string[] {
  const flags: string[] = [];
  if (task.allowedTools?.length) flags.push("--allowedTools", ...task.allowedTools.map((tool) => value("tool", tool)));
  if (task.addedDirectories?.length) flags.push("--add-dir", ...task.addedDirectories);
  if (task.model !== undefined) value("model", task.model);
  if (task.maxTurns !== undefined && !(Number.isInteger(task.maxTurns) && task.maxTurns >= 1)) {
    throw new InvalidOptionsError("The number of turns must be a whole number of at least 1");
  }
  flags.push(...modelFlags(task));
  if (task.maxBudgetUsd !== undefined) {
    if (!Number.isFinite(task.maxBudgetUsd) || task.maxBudgetUsd <= 0) {
      throw new InvalidOptionsError("The budget must be more than 0 dollars");
    }
    flags.push("--max-budget-usd", String(task.maxBudgetUsd));
  }
  if (task.appendSystemPrompt !== undefined) flags.push("--append-system-prompt", task.appendSystemPrompt);
  if (task.jsonSchema !== undefined) flags.push("--json-schema", JSON.stringify(task.jsonSchema));
  if (task.resumeSessionId !== undefined) {
    flags.push("--resume", sessionId(task.resumeSessionId), ...(task.forkSession ? ["--fork-session"] : []));
  }
  return flags;
}

/** Claude Code itself would refuse it only in the sandbox. */
function checkSession({ resumeSessionId, extraArgs = [] }: HarnessTask): void {
  if (resumeSessionId === undefined || !extraArgs.some((argument) => /^--session-id(=|$)/.test(argument))) return;
  throw new InvalidOptionsError(
    "The argument --session-id cannot be passed on to Claude Code: the run continues an earlier session",
  );
}

/** Claude Code would take the last one, and the answer would be compared with the other. */
function checkSchema({ jsonSchema, extraArgs = [] }: HarnessTask): void {
  if (jsonSchema === undefined || !extraArgs.some((argument) => /^--json-schema(=|$)/.test(argument))) return;
  throw new InvalidOptionsError(
    "The argument --json-schema cannot be passed on to Claude Code: the run has a schema already",
  );
}

/** It comes from inside a sandbox. */
function sessionId(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text;
  throw new InvalidOptionsError("The id of the session to continue is not one of Claude Code's");
}

function value(what: string, text: string): string {
  if (text === "" || text.startsWith("-")) {
    throw new InvalidOptionsError(`${JSON.stringify(text)} is not the name of a ${what}`);
  }
  return text;
}

function checkExtraArgs(args: readonly string[]): void {
  const first = args[0];
  if (first !== undefined && !first.startsWith("-")) {
    throw new InvalidOptionsError(`Claude Code's arguments must begin with a flag, not with ${JSON.stringify(first)}`, {
      hint: "The prompt is given to the run itself, and Claude Code's subcommands run no task.",
    });
  }
  for (const argument of args) {
    const refused = refusedArgument(argument);
    if (refused === undefined) continue;
    const { flag, reason, hint } = refused;
    throw new InvalidOptionsError(
      `The argument ${flag} cannot be passed on to Claude Code: ${reason}`,
      dropUndefined({ hint }),
    );
  }
}

function checkArgument(argument: string): void {
  if (argument.includes("\0")) throw new InvalidOptionsError("An argument for Claude Code holds a NUL byte");
  const bytes = new TextEncoder().encode(argument).length;
  if (bytes > maxArgumentBytes) {
    throw new InvalidOptionsError(
      `An argument for Claude Code has ${bytes} bytes; one argument holds ${maxArgumentBytes}`,
      {
        hint: "Put a long text into the prompt, or into CLAUDE.md in the workspace.",
      },
    );
  }
}
