import * as z from "zod";
import { boundedText } from "./bounded-text.ts";
import type { BoxContainer } from "./box-container.ts";
import { collectFiles, type RunInside, writeFiles } from "./execute-files.ts";
import type { ExecuteRequest, ExecuteResponse } from "./execute-request.ts";
import { modelAddress } from "./model-egress.ts";
import { supervisorConfigVariable } from "./supervisor-facts.ts";

const maxOutputBytes = 4 * 1024 * 1024;

/** What `timeout` ends with when it had to end its program. */
const timedOut = 124;

/** What a program that is not there ends with, here and on the platform. */
const notFound = 127;

/** No secret: the Worker puts its key in its place. It is of the same kind, so that the program takes it. */
const placeholder = "sk-ant-api03-glovebox-placeholder";

const environment = {
  PATH: "/home/agent/.npm-global/bin:/home/agent/.local/bin:/usr/local/bin:/usr/bin:/bin",
  HOME: "/home/agent",
  USER: "agent",
  LANG: "C.UTF-8",
  ANTHROPIC_BASE_URL: `http://${modelAddress}`,
  ANTHROPIC_API_KEY: placeholder,
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  DISABLE_AUTOUPDATER: "1",
  // The local runtime adds the container's own variables, of which this one holds the token of the supervisor's door.
  [supervisorConfigVariable]: "",
};

/** The line that `claude --output-format json` ends with. */
const resultLine = z.object({
  subtype: z.string(),
  is_error: z.boolean().optional(),
  result: z.string().optional(),
  total_cost_usd: z.number().optional(),
});

type Verdict = Pick<ExecuteResponse, "success" | "output" | "error" | "costUsd">;

/** What a program said and made. */
export type ExecuteOutcome = Verdict & Pick<ExecuteResponse, "exitCode" | "files" | "omitted">;

/** Runs a prompt with Claude Code, or a command, as the agent, and reads the workspace. */
export async function executeInside(container: BoxContainer, request: ExecuteRequest): Promise<ExecuteOutcome> {
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
    stdin: new Blob([promptOf(request)]).stream(),
  });
  const [output, error] = await Promise.all([
    boundedText(process.stdout, maxOutputBytes),
    boundedText(process.stderr, maxOutputBytes),
  ]);
  const exitCode = await process.exitCode;
  const verdict = request.command === undefined ? readResult(output, error, exitCode) : plain(output, error, exitCode);
  return { ...verdict, exitCode, ...(await collectFiles(run)) };
}

function argvOf({ command, model, maxTurns }: ExecuteRequest): string[] {
  if (command !== undefined) return ["/bin/sh", "-c", command];
  return [
    ...["claude", "-p", "--output-format", "json", "--dangerously-skip-permissions"],
    ...(model === undefined ? [] : ["--model", model]),
    ...(maxTurns === undefined ? [] : ["--max-turns", String(maxTurns)]),
  ];
}

function promptOf({ command, question, prompt, language }: ExecuteRequest): string {
  if (command !== undefined) return "";
  return `${question ?? prompt ?? ""}${language === undefined ? "" : `\n\nWrite code in ${language}.`}`;
}

function plain(output: string, error: string, exitCode: number): Verdict {
  return { success: exitCode === 0, output, error: exitCode === timedOut ? told(error, "It took too long.") : error };
}

/** What Claude Code says of its own success; without a result there is none. */
function readResult(output: string, error: string, exitCode: number): Verdict {
  const parsed = resultLine.safeParse(parseLast(output));
  if (!parsed.success) {
    const missing = "The image holds no Claude Code. Name one that does with `image`.";
    const noResult = exitCode === notFound ? missing : `Claude Code ended with exit code ${exitCode} and no result.`;
    return { success: false, output, error: told(error, exitCode === timedOut ? "It took too long." : noResult) };
  }
  const { subtype, is_error: isError = false, result = "", total_cost_usd: costUsd } = parsed.data;
  const success = subtype === "success" && !isError && exitCode === 0;
  return {
    success,
    output: success ? result : "",
    // Whoever reads it takes anything here for a failure.
    error: success ? "" : result || error || subtype,
    ...(costUsd !== undefined && { costUsd }),
  };
}

function parseLast(output: string): unknown {
  try {
    return JSON.parse(output.trim().split("\n").at(-1) ?? "");
  } catch {
    return undefined;
  }
}

function told(error: string, reason: string): string {
  return [error.trim(), reason].filter(Boolean).join("\n");
}
