import { ApiError } from "../http/api-error.ts";
import { sandboxIdOf, sandboxSpecSchema } from "../sandbox/sandbox-spec.ts";
import type { WorkerEnv } from "../settings/worker-env.ts";
import type { ExecuteOutcome } from "./execute-inside.ts";
import type { ExecuteFile, ExecuteRequest, ExecuteResponse } from "./execute-request.ts";

/** The lease beyond the program's timeout, after which an orphaned container ends. */
const marginMs = 5 * 60 * 1000;

/** Serves `POST /execute`: runs a prompt or a command in a new container and always removes the container. */
export async function execute(env: WorkerEnv, request: ExecuteRequest): Promise<Response> {
  if (request.command === undefined && !env.ANTHROPIC_API_KEY) {
    throw new ApiError("unavailable", "This Worker has no API key for the model.", {
      hint: "Set one: `wrangler secret put ANTHROPIC_API_KEY`; for local development, add it to .dev.vars and restart.",
    });
  }
  const startedAt = Date.now();
  const idempotencyKey = crypto.randomUUID();
  const id = await sandboxIdOf(idempotencyKey);
  const sandbox = env.SANDBOX.getByName(id);
  const spec = sandboxSpecSchema.parse({
    idempotencyKey,
    labels: { "glovebox.execute": "1" },
    ttlMs: request.timeout + marginMs,
    image: request.image,
  });
  try {
    const created = await sandbox.create({ id, spec, modelEgress: true });
    if (!created.ok) return created;
    const executed = await sandbox.execute(request);
    if (!executed.ok) return executed;
    const { files, omitted, ...outcome } = await executed.json<ExecuteOutcome>();
    const response: ExecuteResponse = {
      question: request.question ?? request.prompt ?? "",
      ...outcome,
      code: firstText(files),
      sandboxId: id,
      executionTime: Date.now() - startedAt,
      files,
      omitted,
    };
    return Response.json(response);
  } finally {
    await sandbox.fetch(`http://sandbox/v1/sandboxes/${id}`, { method: "DELETE" });
  }
}

function firstText(files: readonly ExecuteFile[]): string {
  return files.find(({ encoding, path }) => encoding === "utf8" && !path.startsWith("."))?.content ?? "";
}
