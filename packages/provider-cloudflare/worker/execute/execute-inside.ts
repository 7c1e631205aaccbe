import {
  anthropicApi,
  apiKeyPlaceholder,
  asPlainText,
  headlessArgv,
  headlessEnvironment,
  modelFlags,
  parseResult,
  slashName,
} from "@glovebox/harness-claude-code/headless";
import type { SandboxContainer } from "../sandbox/sandbox-container.ts";
import { supervisorConfigVariable } from "../supervisor/supervisor-facts.ts";
import { boundedText } from "./bounded-text.ts";
import { collectFiles, type RunInside, writeFiles } from "./execute-files.ts";
import type { ExecuteRequest, ExecuteResponse } from "./execute-request.ts";
import { modelAddress } from "./model-egress.ts";

const maxOutputBytes = 4 * 1024 * 1024;

/** Exit code of `timeout` after it stopped its program. */
const timedOutExitCode = 124;

/** Exit code for a missing program. */
const notFoundExitCode = 127;

const environment = {
  PATH: "/home/agent/.npm-global/bin:/home/agent/.local/bin:/usr/local/bin:/usr/bin:/bin",
  HOME: "/home/agent",
  USER: "agent",
  LANG: "C.UTF-8",
  ...headlessEnvironment,
  [anthropicApi.baseUrlVariable]: `http://${modelAddress}`,
  // The Worker replaces it with its key.
  [anthropicApi.keyVariable]: apiKeyPlaceholder,
  // The local runtime adds the container's own variables, of which this one contains the endpoint token.
  [supervisorConfigVariable]: "",
};

type Verdict = Pick<ExecuteResponse, "success" | "output" | "error" | "costUsd">;

/** The result of a program, with its files. */
export type ExecuteOutcome = Verdict & Pick<ExecuteResponse, "exitCode" | "files" | "omitted">;

/** Runs a prompt with Claude Code, or a command, as the agent, and reads the workspace. */
export async function executeInside(container: SandboxContainer, request: ExecuteRequest): Promise<ExecuteOutcome> {
  const run: RunInside = (argv, options = {}) =>
    container.exec(["setpriv", "--no-new-privs", "--", ...argv], {
      cwd: "/workspace",
      env: { ...environment, ...(request.maxTokens && { CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(request.maxTokens) }) },
      user: "1000:1000",
      ...options,
    });
  await writeFiles(run, request.files);
  const seconds = String(Math.ceil(request.timeout / 1000));
  const process = await run(["timeout", "--kill-after=5", seconds, ...argvOf(request)], {
    stdin: new Blob([await promptText(run, promptOf(request))]).stream(),
  });
  const [output, error] = await Promise.all([
    boundedText(process.stdout, maxOutputBytes),
    boundedText(process.stderr, maxOutputBytes),
  ]);
  const exitCode = await process.exitCode;
  const verdict = (request.command === undefined ? promptVerdict : commandVerdict)(output, error, exitCode);
  return { ...verdict, exitCode, ...(await collectFiles(run)) };
}

function argvOf({ command, model, maxTurns }: ExecuteRequest): string[] {
  if (command !== undefined) return ["/bin/sh", "-c", command];
  return headlessArgv("claude", "json", modelFlags({ model, maxTurns }));
}

function promptOf({ command, question, prompt, language }: ExecuteRequest): string {
  if (command !== undefined) return "";
  return `${question ?? prompt ?? ""}${language === undefined ? "" : `\n\nWrite code in ${language}.`}`;
}

/** Tests whether the workspace has a command or a skill with the name `$1`. `git:pr` is in the directory `git`. */
const findCommand =
  'set -- "$1" "$(printf %s "$1" | tr : /)"; test -e ".claude/commands/$2.md" || test -e ".claude/skills/$1/SKILL.md"';

/** Returns the prompt as plain text, unless it names a command or a skill of the workspace. */
async function promptText(run: RunInside, prompt: string): Promise<string> {
  const name = slashName(prompt);
  if (name === undefined || !/^[\w:-]+$/.test(name)) return asPlainText(prompt);
  const test = await run(["sh", "-c", findCommand, "sh", name]);
  return (await test.exitCode) === 0 ? prompt : asPlainText(prompt);
}

function commandVerdict(output: string, error: string, exitCode: number): Verdict {
  const isTimeout = exitCode === timedOutExitCode;
  return { success: exitCode === 0, output, error: isTimeout ? withReason(error, "It took too long.") : error };
}

/** Claude Code's own verdict, which its exit code must confirm. Without a result, the run failed. */
function promptVerdict(output: string, error: string, exitCode: number): Verdict {
  const result = parseResult(output);
  if (result === undefined) return { success: false, output, error: withReason(error, missingResult(exitCode)) };
  const { ok, message, usedModel, costUsd } = result;
  const success = ok && exitCode === 0 && usedModel;
  const failure = withReason(usedModel ? "" : "No model was asked, so nothing was done.", message || error);
  return {
    success,
    output: success ? message : "",
    // Clients treat any text here as a failure.
    error: success ? "" : failure,
    ...(costUsd !== undefined && { costUsd }),
  };
}

function missingResult(exitCode: number): string {
  if (exitCode === timedOutExitCode) return "It took too long.";
  if (exitCode === notFoundExitCode) return "The image has no Claude Code. Set `image` to one that has.";
  return `Claude Code ended with exit code ${exitCode} and no result.`;
}

function withReason(error: string, reason: string): string {
  return [error.trim(), reason].filter(Boolean).join("\n");
}
