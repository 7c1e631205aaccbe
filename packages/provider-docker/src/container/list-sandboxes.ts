import type { CallOptions, ListFilter } from "@glovebox/core/provider";
import type { VendorInfo } from "@glovebox/provider-kit";
import type Docker from "dockerode";
import { z } from "zod";
import { type ContainerFacts, inspectContainer } from "./inspect-container.ts";
import { isSandbox, ownLabels } from "./labels.ts";
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

/**
 * Every sandbox that carries all of the labels, those that have stopped included; only those are inspected one by one. Some
 * others are among them: the engine also compares the labels of the image.
 */
export async function* listSandboxes(
  engine: Docker,
  labels: ListFilter["labels"],
  { signal }: CallOptions,
): AsyncGenerator<VendorInfo, void, undefined> {
  const label = [ownLabels.key, ...Object.entries(labels).map(([key, value]) => `${key}=${value}`)];
  const listing = { operation: "listing the containers", timeoutMs: listTimeoutMs, signal };
  const reply = await withDeadline(listing, (cancelled) =>
    engine.listContainers({ all: true, filters: { label }, abortSignal: cancelled }),
  );
  const rows = z.array(rowSchema).parse(reply);
  for (let start = 0; start < rows.length; start += inspectedAtOnce) {
    const batch = rows.slice(start, start + inspectedAtOnce).map((row) => readRow(engine, row, signal));
    for (const facts of await Promise.all(batch)) {
      if (facts !== undefined && isSandbox(facts.labels)) yield sandboxInfo(facts);
    }
  }
}

/** `undefined` for a container that was removed since it was listed. */
async function readRow(engine: Docker, row: Row, signal: AbortSignal | undefined): Promise<ContainerFacts | undefined> {
  if (row.State === "exited") {
    const looking = { operation: "looking at a container", timeoutMs: inspectTimeoutMs, signal };
    return withDeadline(looking, (cancelled) => inspectContainer(engine, row.Id, cancelled));
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
