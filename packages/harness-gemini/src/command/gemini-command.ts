import type { HarnessCommand, HarnessTask } from "@glovebox/core/harness";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { isSessionId } from "../gemini-sessions.ts";
import { geminiFiles } from "./gemini-files.ts";
import { geminiHome } from "./gemini-home.ts";
import { checkExtraArgs } from "./refused-argument.ts";

/** Linux takes at most 128 KiB as one argument, its end included. */
const maxArgumentBytes = 128 * 1024 - 1;

const runEnvironment: Readonly<Record<string, string>> = {
  GEMINI_CLI_HOME: geminiHome,
  // A second process, for more memory, would not get the signal that interrupts.
  GEMINI_CLI_NO_RELAUNCH: "true",
  // These choose another API or another way to log in.
  GOOGLE_GENAI_USE_VERTEXAI: "",
  GOOGLE_GENAI_USE_GCA: "",
  // The model route is a loopback address: a proxy variable in the sandbox must not lead around it.
  NO_PROXY: "127.0.0.1,localhost",
  no_proxy: "127.0.0.1,localhost",
};

/** Returns what is started in the sandbox for a task. Throws `invalid-options` for what Gemini CLI cannot do. */
export function geminiCommand(task: HarnessTask, binary: string): HarnessCommand {
  checkTask(task);
  const argv: [string, ...string[]] = [
    binary,
    ...["--output-format", "stream-json", "--yolo", "--skip-trust"],
    ...(task.model === undefined ? [] : ["--model", task.model]),
    ...(task.resumeSessionId === undefined ? [] : ["--resume", task.resumeSessionId]),
    ...(task.addedDirectories ?? []).flatMap((directory) => ["--include-directories", directory]),
    ...(task.extraArgs ?? []),
  ];
  for (const argument of argv) checkArgument(argument);
  return {
    argv,
    stdin: new TextEncoder().encode(promptText(task)),
    env: runEnvironment,
    cwd: task.workspaceDir,
    files: geminiFiles(task),
  };
}

/** A line break before a slash makes it text: Gemini CLI's own commands would answer without the model. */
function promptText({ prompt, components }: HarnessTask): string {
  const [, name] = /^\/(\S+)/.exec(prompt) ?? [];
  if (name === undefined || components?.commands.some((command) => command.name === name)) return prompt;
  return `\n${prompt}`;
}

function checkTask(task: HarnessTask): void {
  if (task.prompt.trim() === "") throw new InvalidOptionsError("The prompt is empty");
  if (task.model !== undefined && !/^[\w][\w.:/-]*$/.test(task.model)) {
    throw new InvalidOptionsError(`${JSON.stringify(task.model)} is not the name of a model`);
  }
  if (task.maxTurns !== undefined && !(Number.isInteger(task.maxTurns) && task.maxTurns >= 1)) {
    throw new InvalidOptionsError("The number of turns must be a whole number of at least 1");
  }
  const refuse = (what: string, hint: string): never => {
    throw new InvalidOptionsError(`Gemini CLI has no ${what}`, { hint });
  };
  if (task.maxBudgetUsd !== undefined) {
    refuse("limit of cost of its own", "Limit the cost of the run, which the gateway enforces outside the sandbox.");
  }
  if (task.allowedTools?.length) {
    refuse(
      "list of allowed tools here",
      "Leave it out: every tool is allowed in the sandbox. Pass `-- --policy FILE` to deny tools.",
    );
  }
  if (task.jsonSchema !== undefined) refuse("structured answers", "Ask for JSON in the prompt.");
  if (task.forkSession) refuse("forks of a conversation", "Continue it with `glovebox resume` and without a fork.");
  if (task.resumeSessionId !== undefined && !isSessionId(task.resumeSessionId)) {
    throw new InvalidOptionsError("The id of the session to continue is not one of Gemini CLI's");
  }
  for (const directory of task.addedDirectories ?? []) {
    if (directory.includes(",")) {
      throw new InvalidOptionsError(`Gemini CLI cannot use the directory ${directory}: its path has a comma`);
    }
  }
  checkExtraArgs(task.extraArgs ?? []);
}

function checkArgument(argument: string): void {
  if (argument.includes("\0")) throw new InvalidOptionsError("An argument for Gemini CLI contains a NUL byte");
  const bytes = new TextEncoder().encode(argument).length;
  if (bytes <= maxArgumentBytes) return;
  throw new InvalidOptionsError(`An argument for Gemini CLI has ${bytes} bytes; the limit is ${maxArgumentBytes}`);
}
