import type { CallOptions, Finding } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import type { KubernetesContext } from "../kubernetes-context.ts";

/** Which cluster answers, and where sandboxes are created. */
export async function reachFindings({ cluster }: KubernetesContext, call: CallOptions): Promise<readonly Finding[]> {
  const { server, context, namespace, source } = await cluster.access();
  const { gitVersion } = await cluster.read("asking for the version", call, ({ version }) => version.getCode());
  const where = context === undefined ? source : `context ${context} of ${source}`;
  return [
    { name: "cluster", status: "ok", message: safeLine(`Kubernetes ${gitVersion} at ${server} (${where})`) },
    { name: "namespace", status: "ok", message: `sandboxes are created in the namespace ${namespace}` },
  ];
}
