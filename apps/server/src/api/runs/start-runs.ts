import { newRunId } from "@glovebox/core";
import { visibleText } from "@glovebox/core/text";
import type { NewRun, Run } from "@glovebox/store";
import { HttpError } from "../../access/http-error.ts";
import type { Principal } from "../../access/principal.ts";
import { readTemplates } from "../../templates.ts";
import type { ApiParts } from "../api-parts.ts";
import type { RunRequest } from "../schemas/run-request.ts";

/** What a new run has beside its request. */
type RunOrigin = Partial<Pick<NewRun, "batchId" | "rowId" | "continues" | "forkOf">>;

const defaultPriority = 5;
const previewLength = 200;
/** More than this wait for a worker: the server is not keeping up, and further ones are refused. */
const longestQueue = 10_000;

/** A run to start. */
export interface RunToStart {
  readonly request: RunRequest;
  readonly origin?: RunOrigin;
}

/** Queues runs, all of them or none. What they name is checked first: no worker gets a run that it cannot start. */
export async function startRuns(
  parts: ApiParts,
  principal: Principal,
  runs: readonly RunToStart[],
): Promise<readonly Run[]> {
  const { store, access } = parts;
  const { queued } = await store.runs.counts();
  if (queued + runs.length > longestQueue) {
    throw new HttpError(429, "rate-limited", `The queue has ${queued} runs`, { "retry-after": "60" });
  }
  for (const { request } of runs) await checkRequest(parts, principal, request);
  const created = await store.runs.createAll(runs.map((one) => newRun(parts, principal, one)));
  for (const { id, batchId, continues, forkOf } of created) {
    await access.audit.record(principal, { action: "run.create", target: id, detail: { batchId, continues, forkOf } });
  }
  return await Promise.all(created.map(async (run) => (await store.runs.get(run.id)) ?? run));
}

function newRun({ plugins }: ApiParts, { user }: Principal, { request, origin = {} }: RunToStart): NewRun {
  const { name, template, labels, priority = defaultPriority, maxCostUsd } = request;
  return {
    ...{ id: newRunId(), userId: user.id, request, priority },
    promptPreview: visibleText(request.prompt.slice(0, previewLength)),
    harness: request.harness ?? plugins.defaultHarness,
    provider: request.provider ?? plugins.defaultProvider,
    ...(name !== undefined && { name }),
    ...(template !== undefined && { template }),
    ...(labels !== undefined && { labels }),
    ...(maxCostUsd !== undefined && { maxCostUsd }),
    ...origin,
  };
}

async function checkRequest(parts: ApiParts, principal: Principal, request: RunRequest): Promise<void> {
  const { plugins, settings } = parts;
  const { provider = plugins.defaultProvider, harness = plugins.defaultHarness, template, workspace } = request;
  plugins.provider(provider);
  plugins.harness(harness);
  if (template !== undefined && !(await readTemplates(settings.home)).has(template)) {
    throw new HttpError(400, "invalid-options", `This server has no template ${template}`);
  }
  if (workspace !== undefined && "upload" in workspace) await checkUpload(parts, principal, workspace.upload);
}

/** Another user's upload is answered as if there were none. */
async function checkUpload({ store }: ApiParts, { user, role }: Principal, id: string): Promise<void> {
  const upload = await store.uploads.get(id);
  const isUsable = upload !== undefined && (upload.userId === user.id || role === "admin");
  if (!isUsable || upload.expiresAt <= new Date()) {
    throw new HttpError(400, "invalid-options", `There is no upload ${id}, or it has expired`);
  }
}
