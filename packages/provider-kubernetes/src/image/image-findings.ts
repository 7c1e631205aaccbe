import { type CallOptions, dropUndefined, type Finding, SandboxError } from "@glovebox/core/provider";
import { findImageEngine, ImageRepository } from "@glovebox/image-builder";
import { clusterIdentity } from "../cluster/cluster-identity.ts";
import type { ImageSettings } from "./image-settings.ts";

/** What `preflight` finds out about where images come from. */
export async function imageFindings(
  { registry, imageEngine, architecture }: ImageSettings,
  { signal }: CallOptions,
): Promise<readonly Finding[]> {
  const engine = () => findImageEngine({ providerId: clusterIdentity.id, command: imageEngine, signal });
  const engineProblem = await problemOf(engine());
  if (registry === undefined) {
    const message = "No registry is set: images must be on the cluster's nodes";
    const hint =
      "Set one with --registry, or load each image that Glovebox builds into the nodes, as kind and k3s can.";
    return [{ name: "registry", status: "notice", message, hint }, ...engineFindings(engineProblem, "problem")];
  }
  const images = new ImageRepository(dropUndefined({ repository: registry, architecture, engine }));
  // A tag that nothing has: whether the registry answers is all that is asked.
  const problem = await problemOf(images.find("sandbox", ["0".repeat(64)], dropUndefined({ signal })));
  const found: Finding =
    problem === undefined
      ? { name: "registry", status: "ok", message: `Images for ${images.architecture} from ${images.repository}` }
      : { name: "registry", status: "problem", message: problem.message, ...dropUndefined({ hint: problem.hint }) };
  return [found, ...engineFindings(engineProblem, "notice")];
}

/** Without an engine, only what is in a registry can be used. */
function engineFindings(problem: SandboxError | undefined, status: "notice" | "problem"): readonly Finding[] {
  if (problem === undefined) return [];
  return [{ name: "image engine", status, message: problem.message, ...dropUndefined({ hint: problem.hint }) }];
}

async function problemOf(call: Promise<unknown>): Promise<SandboxError | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code === "aborted") throw error;
    return error;
  }
}
