import * as z from "zod";
import { ApiError } from "./api-error.ts";
import { boundedText } from "./bounded-text.ts";
import type { Box } from "./box.ts";
import { boxId, boxSpecSchema } from "./box-spec.ts";
import { collectFiles, type RunInside, writeFiles } from "./execute-files.ts";
import type { ExecuteFile, ExecuteRequest, ExecuteResponse } from "./execute-request.ts";
import { modelAddress } from "./model-egress.ts";
import type { WorkerEnv } from "./worker-env.ts";

const maxOutputBytes = 4 * 1024 * 1024;
/** Until a container that nobody removed ends by itself, past the program's own time. */
const marginMs = 5 * 60 * 1000;

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
};

/** The line that `claude --output-format json` ends with. */
const resultLine = z.object({
  subtype: z.string(),
  is_error: z.boolean().optional(),
  result: z.string().optional(),
  total_cost_usd: z.number().optional(),
});

/** Runs a prompt with Claude Code, or a command, in a container of its own, and gives back what it said and made. */
export async function execute(env: WorkerEnv, request: ExecuteRequest): Promise<Response> {
  if (request.command === undefined && !env.ANTHROPIC_API_KEY) {
    throw new ApiError("unavailable", "This Worker has no key for the model.", {
      hint: "Set one: `wrangler secret put ANTHROPIC_API_KEY`.",
    });
  }
  const begun = Date.now();
  const idempotencyKey = crypto.randomUUID();
  const id = await boxId(idempotencyKey);
  const box = env.BOX.getByName(id);
  const spec = boxSpecSchema.parse({
    idempotencyKey,
    labels: { "glovebox.execute": "1" },
    ttlMs: request.timeout + marginMs,
    image: request.image,
  });
  try {
    const created = await box.create({ id, spec, modelEgress: true });
    if (!created.ok) return created;
    const { files, omitted, ...outcome } = await runInside(box, request);
    const answer: ExecuteResponse = {
      question: request.question ?? request.prompt ?? "",
      ...outcome,
      code: firstText(files),
      sandboxId: id,
      executionTime: Date.now() - begun,
      files,
      omitted,
    };
    return Response.json(answer);
  } finally {
    await box.fetch(`http://box/v1/sandboxes/${id}`, { method: "DELETE" });
  }
}

type Outcome = Pick<ExecuteResponse, "success" | "output" | "error" | "exitCode" | "costUsd" | "files" | "omitted">;

async function runInside(box: DurableObjectStub<Box>, request: ExecuteRequest): Promise<Outcome> {
  const run: RunInside = (argv, options = {}) =>
    box.exec(["setpriv", "--no-new-privs", "--", ...argv], {
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
  const told = request.command === undefined ? readResult(output, error, exitCode) : undefined;
  const plain = { success: exitCode === 0, output, error: exitCode === 124 ? `${error}It took too long.` : error };
  return { ...(told ?? plain), exitCode, ...(await collectFiles(run)) };
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

/** What Claude Code says of its own success; without a result there is none. */
function readResult(
  output: string,
  error: string,
  exitCode: number,
): Pick<Outcome, "success" | "output" | "error" | "costUsd"> {
  const parsed = resultLine.safeParse(parseLast(output));
  if (!parsed.success) {
    const why = exitCode === 124 ? "It took too long." : `Claude Code ended with exit code ${exitCode} and no result.`;
    return { success: false, output, error: [error.trim(), why].filter(Boolean).join("\n") };
  }
  const { subtype, is_error: isError = false, result = "", total_cost_usd: costUsd } = parsed.data;
  const success = subtype === "success" && !isError && exitCode === 0;
  return {
    success,
    output: success ? result : "",
    error: success ? error : result || error || subtype,
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

function firstText(files: readonly ExecuteFile[]): string {
  return files.find(({ encoding, path }) => encoding === "utf8" && !path.startsWith("."))?.content ?? "";
}
