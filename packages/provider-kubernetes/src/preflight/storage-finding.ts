import { type CallOptions, type Finding, SandboxError } from "@glovebox/core/provider";
import type { KubernetesContext } from "../kubernetes-context.ts";

/** Where the files of sandboxes are, and whether the cluster has the storage that the settings name. */
export async function storageFinding(
  { cluster, settings }: KubernetesContext,
  call: CallOptions,
): Promise<readonly Finding[]> {
  const { storageClass: name } = settings;
  if (name === undefined) {
    const message = "files are on the node's disk, and are lost with the node or when the pod is evicted";
    return [{ name: "storage", status: "ok", message }];
  }
  try {
    await cluster.read("looking at the StorageClass", call, ({ storage }) => storage.readStorageClass({ name }));
    return [{ name: "storage", status: "ok", message: `files are on a volume of the class ${name}` }];
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    if (error.code === "authentication") {
      return [{ name: "storage", status: "ok", message: `${name}; this user may not look whether the cluster has it` }];
    }
    if (error.code !== "not-found") throw error;
    const message = `the cluster has no StorageClass called ${name}`;
    return [
      { name: "storage", status: "problem", message, hint: "`kubectl get storageclass` lists those that it has." },
    ];
  }
}
