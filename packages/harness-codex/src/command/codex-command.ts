import type { HarnessCommand, HarnessTask } from "@glovebox/core/harness";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { openaiApiKey } from "@glovebox/model-apis";
import { chatgptEndpoint, codexEndpoint } from "../codex-model.ts";
import { codexHome } from "../codex-place.ts";
import { codexFiles, schemaPath } from "./codex-config.ts";
import { checkArguments } from "./passed-arguments.ts";

/** Linux takes at most 128 KiB as one argument, its end included. */
const maxArgumentBytes = 128 * 1024 - 1;
/** Nothing listens there: the files are written again once the route has an address. */
const noRoute = "http://127.0.0.1:9";

const environment: Readonly<Record<string, string>> = {
  CODEX_HOME: codexHome,
  [openaiApiKey.variable]: openaiApiKey.placeholder,
  // The model's route is a loopback address: a proxy variable in the sandbox must not lead around it.
  NO_PROXY: "127.0.0.1,localhost",
  no_proxy: "127.0.0.1,localhost",
};

/** What is started in the sandbox for a task. What Codex has no place for is `invalid-options`. */
export function codexCommand(task: HarnessTask, binary: string): HarnessCommand {
  if (task.prompt.trim() === "") throw new InvalidOptionsError("The prompt is empty");
  checkTask(task);
  const { extraArgs = [], model, jsonSchema, resumeSessionId } = task;
  checkArguments(extraArgs);
  const session =
    resumeSessionId === undefined ? [] : [task.forkSession ? "fork" : "resume", sessionId(resumeSessionId)];
  const argv: [string, ...string[]] = [
    binary,
    "exec",
    ...session.slice(0, 1),
    // First, for some of them take every word up to the next flag.
    ...extraArgs,
    "--json",
    "--skip-git-repo-check",
    "--dangerously-bypass-approvals-and-sandbox",
    ...(model === undefined ? [] : ["--model", modelName(model)]),
    ...(jsonSchema === undefined ? [] : ["--output-schema", schemaPath]),
    ...session.slice(1),
    "-",
  ];
  for (const argument of argv) checkArgument(argument);
  return {
    argv,
    stdin: new TextEncoder().encode(task.prompt),
    env: environment,
    cwd: task.workspaceDir,
    files: codexFiles(task, noRoute),
    withRoutes: ({ [codexEndpoint.id]: api, [chatgptEndpoint.id]: url = api ?? noRoute }) => ({
      files: codexFiles(task, url),
    }),
  };
}

function checkTask({ maxTurns, maxBudgetUsd, allowedTools = [] }: HarnessTask): void {
  const without = (what: string, hint: string) =>
    new InvalidOptionsError(`The harness codex has no place for ${what}`, { hint });
  if (maxTurns !== undefined) {
    throw without("a limit of turns", "Leave it out, and limit the cost or the time of the run.");
  }
  if (maxBudgetUsd !== undefined) {
    throw without("a budget of its own", "Limit the cost of the run: the gateway enforces that outside the sandbox.");
  }
  if (allowedTools.length > 0) throw without("a list of allowed tools", "Leave it out.");
}

/** It comes from inside a sandbox. */
function sessionId(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text;
  throw new InvalidOptionsError("The id of the session to continue is not one of Codex's");
}

function modelName(text: string): string {
  if (text !== "" && !text.startsWith("-")) return text;
  throw new InvalidOptionsError(`${JSON.stringify(text)} is not the name of a model`);
}

function checkArgument(argument: string): void {
  if (argument.includes("\0")) throw new InvalidOptionsError("An argument for Codex holds a NUL byte");
  const bytes = new TextEncoder().encode(argument).length;
  if (bytes > maxArgumentBytes) {
    throw new InvalidOptionsError(`An argument for Codex has ${bytes} bytes; one argument holds ${maxArgumentBytes}`);
  }
}
