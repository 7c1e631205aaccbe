import { ownerLabel } from "@glovebox/core/provider";
import { imageLabels, imageReference, removeNameless } from "@glovebox/image-builder";
import type { VendorTemplate } from "@glovebox/provider-kit";
import type Docker from "dockerode";
import { z } from "zod";
import { DockerImageEngine } from "../image/docker-image-engine.ts";
import type { ContainerFacts } from "./inspect-container.ts";
import { ownLabels, sandboxLabels } from "./labels.ts";
import { withDeadline } from "./with-deadline.ts";

const commitTimeoutMs = 10 * 60_000;

const replySchema = z.object({ Id: z.string().regex(/^sha256:[0-9a-f]{64}$/) });

/**
 * Makes an image of a container's files, which nothing may write meanwhile. Not with the engine's own pause: to others the
 * container would seem to be paused, and an engine that starts an exec in it at that moment may hang. What only the container is, its labels and the
 * lease that it was started with, is no part of a sandbox made from it.
 */
export async function snapshotContainer(
  engine: Docker,
  facts: ContainerFacts,
  signal?: AbortSignal,
): Promise<VendorTemplate> {
  const committing = { operation: "making an image of the container", timeoutMs: commitTimeoutMs, signal };
  const created = commit(engine, facts);
  let id: string;
  try {
    id = await withDeadline(committing, () => created);
  } catch (error) {
    // The engine does not give it up: what comes of it late is removed.
    created.then((timedOut) => removeNameless(new DockerImageEngine(engine), timedOut)).catch(() => {});
    throw error;
  }
  const kind = facts.labels[ownLabels.rootInside] === "true" ? "rootSnapshot" : "snapshot";
  const reference = imageReference(kind, id.replace("sha256:", ""));
  await new DockerImageEngine(engine).tag(id, reference);
  return { reference, digest: id, reused: false };
}

async function commit(engine: Docker, { id, labels }: ContainerFacts): Promise<string> {
  // The engine copies a container's labels and cannot leave one out: an empty one is as good as none.
  const emptied = [...Object.values(ownLabels), ...Object.keys(sandboxLabels(labels))].map((key) => [key, ""] as const);
  const config = { Labels: { ...Object.fromEntries(emptied), ...imageLabels(labels[ownerLabel]) } };
  const reply: unknown = await engine
    .getContainer(id)
    .commit({ _query: { container: id, pause: false }, _body: config });
  return replySchema.parse(reply).Id;
}
