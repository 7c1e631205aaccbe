import { ApiError } from "./api-error.ts";
import { boxId, boxSpecSchema } from "./box-spec.ts";
import type { ExecuteOutcome } from "./execute-inside.ts";
import type { ExecuteFile, ExecuteRequest, ExecuteResponse } from "./execute-request.ts";
import type { WorkerEnv } from "./worker-env.ts";

/** Until a container that nobody removed ends by itself, past the program's own time. */
const marginMs = 5 * 60 * 1000;

/** Serves `POST /execute`: a prompt or a command in a container of its own, which is removed whatever happens. */
export async function execute(env: WorkerEnv, request: ExecuteRequest): Promise<Response> {
  if (request.command === undefined && !env.ANTHROPIC_API_KEY) {
    throw new ApiError("unavailable", "This Worker has no key for the model.", {
      hint: "Set one: `wrangler secret put ANTHROPIC_API_KEY`; on this machine, as a line of .dev.vars before it starts.",
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
    const executed = await box.execute(request);
    if (!executed.ok) return executed;
    const { files, omitted, ...outcome } = await executed.json<ExecuteOutcome>();
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

function firstText(files: readonly ExecuteFile[]): string {
  return files.find(({ encoding, path }) => encoding === "utf8" && !path.startsWith("."))?.content ?? "";
}
