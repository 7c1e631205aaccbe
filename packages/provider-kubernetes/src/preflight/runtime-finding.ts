import { type CallOptions, type Finding, SandboxError } from "@glovebox/core/provider";
import type { KubernetesContext } from "../kubernetes-context.ts";

/** Whether the cluster has the runtime that the settings name. */
export async function runtimeFinding(
  { cluster, settings }: KubernetesContext,
  call: CallOptions,
): Promise<readonly Finding[]> {
  const { runtimeClass: name } = settings;
  if (name === undefined) {
    return [
      {
        name: "runtime",
        status: "ok",
        message: "the cluster's own runtime: containers share the kernel of their node",
      },
    ];
  }
  try {
    const { handler } = await cluster.read("looking at the RuntimeClass", call, ({ node }) =>
      node.readRuntimeClass({ name }),
    );
    return [{ name: "runtime", status: "ok", message: `${name}, by the handler ${handler} of the nodes` }];
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    if (error.code === "authentication") {
      return [{ name: "runtime", status: "ok", message: `${name}; this user may not look whether the cluster has it` }];
    }
    if (error.code !== "not-found") throw error;
    const message = `the cluster has no RuntimeClass called ${name}`;
    return [
      { name: "runtime", status: "problem", message, hint: "`kubectl get runtimeclass` lists those that it has." },
    ];
  }
}
