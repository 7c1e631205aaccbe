import type { CallOptions, ListFilter, SandboxInfo } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { z } from "zod";
import { type ContainerFacts, inspectContainer } from "./inspect-container.ts";
import { checkLabels, isSandbox, ownLabels, sandboxLabels } from "./labels.ts";
import { sandboxInfo } from "./sandbox-info.ts";
import { withDeadline } from "./with-deadline.ts";

const listTimeoutMs = 60_000;
const inspectTimeoutMs = 20_000;
const inspectedAtOnce = 8;

const rowSchema = z.object({
  Id: z.string(),
  Created: z.number(),
  State: z.string(),
  Labels: z.record(z.string(), z.string()).nullish(),
});

type Row = z.infer<typeof rowSchema>;

/** Every sandbox that carries all of the labels, those that have stopped included. Only those are looked at one by one. */
export async function* listSandboxes(
  engine: Docker,
  filter: ListFilter,
  { signal }: CallOptions,
): AsyncGenerator<SandboxInfo, void, undefined> {
  checkLabels(filter.labels);
  const wanted = Object.entries(filter.labels);
  const label = [ownLabels.key, ...wanted.map(([key, value]) => `${key}=${value}`)];
  const listing = { doing: "listing the containers", timeoutMs: listTimeoutMs, signal };
  const reply = await withDeadline(listing, (unwanted) =>
    engine.listContainers({ all: true, filters: { label }, abortSignal: unwanted }),
  );
  const rows = z.array(rowSchema).parse(reply);
  for (let start = 0; start < rows.length; start += inspectedAtOnce) {
    const batch = rows.slice(start, start + inspectedAtOnce).map((row) => readRow(engine, row, signal));
    for (const facts of await Promise.all(batch)) {
      if (facts === undefined || !isSandbox(facts.labels)) continue;
      // The engine also compares the labels of the image, which are not the sandbox's.
      const labels = sandboxLabels(facts.labels);
      if (wanted.every(([key, value]) => labels[key] === value)) yield sandboxInfo(facts);
    }
  }
}

/** `undefined` for a container that was removed since it was listed. */
async function readRow(engine: Docker, row: Row, signal: AbortSignal | undefined): Promise<ContainerFacts | undefined> {
  if (row.State === "exited") {
    const looking = { doing: "looking at a container", timeoutMs: inspectTimeoutMs, signal };
    return withDeadline(looking, (unwanted) => inspectContainer(engine, row.Id, unwanted));
  }
  return {
    id: row.Id,
    createdAt: new Date(row.Created * 1000),
    status: row.State,
    exitCode: undefined,
    error: "",
    finishedAt: undefined,
    labels: row.Labels ?? {},
  };
}
