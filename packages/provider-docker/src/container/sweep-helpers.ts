import type { CallOptions } from "@glovebox/core/provider";
import { helperLabel, helperNamePrefix, isAbandonedHelper } from "@glovebox/image-builder";
import type Docker from "dockerode";
import { removeContainer } from "./remove-container.ts";
import { withDeadline } from "./with-deadline.ts";

const listTimeoutMs = 60_000;

/** Removes helpers whose process is dead, or whose time is over where nobody here can say. */
export async function sweepHelpers(engine: Docker, { signal }: CallOptions = {}): Promise<void> {
  const listing = { operation: "listing the containers", timeoutMs: listTimeoutMs, signal };
  const helpers = await withDeadline(listing, (cancelled) =>
    engine.listContainers({
      all: true,
      filters: { label: [helperLabel], name: [`^/${helperNamePrefix}`] },
      abortSignal: cancelled,
    }),
  );
  for (const { Id, Labels } of helpers) if (isAbandonedHelper(Labels)) await removeContainer(engine, Id, { signal });
}
