import { readNamedFile } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { clusterIdentity } from "../cluster/cluster-identity.ts";
import { type PodTemplate, podTemplateSchema } from "./pod-template.ts";

/** The setting `podTemplate`, which may be the path of a JSON or YAML file. Rejects with `invalid-options`. */
export async function readPodTemplate(setting: string | PodTemplate | undefined): Promise<PodTemplate> {
  if (typeof setting !== "string") return setting ?? {};
  const parsed = podTemplateSchema.safeParse(await read(setting));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the file"}: ${message}`);
  throw invalid(setting, problems.join("; "));
}

async function read(path: string): Promise<unknown> {
  const text = await readNamedFile(path);
  if (text === undefined) throw invalid(path, "there is no such file");
  try {
    const { loadYaml } = await import("@kubernetes/client-node");
    // JSON is YAML, too.
    return loadYaml(text);
  } catch (error) {
    throw invalid(path, (error as Error).message.split("\n", 1)[0] ?? "it cannot be read", error);
  }
}

function invalid(path: string, reason: string, cause?: unknown): InvalidOptionsError {
  return new InvalidOptionsError(`Invalid pod template ${path}: ${reason}`, {
    providerId: clusterIdentity.id,
    hint: "It may hold metadata (labels, annotations) and spec (affinity, nodeSelector, tolerations, priorityClassName and the like).",
    cause,
  });
}
