import { CapabilityUnsupportedError } from "@glovebox/core/provider";
import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { clusterIdentity } from "../cluster/cluster-identity.ts";
import { containerName } from "./pod-names.ts";

const ownContainers = new Set([containerName, "prepare", "tools"]);

/**
 * Throws where the cluster has changed a pod on its way in so that it can do more than was asked for, as a service mesh does: its
 * proxy would carry outbound traffic.
 */
export function checkAdmitted({ spec }: V1Pod): void {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = spec ?? {};
  const added = [...containers, ...initContainers, ...ephemeralContainers].find(({ name }) => !ownContainers.has(name));
  if (added !== undefined) {
    throw changed(
      `added the container ${added.name}`,
      "Turn its injection off by an annotation or label in podTemplate.",
    );
  }
  const sandbox = containers.find(({ name }) => name === containerName);
  const widened = whatWidens(spec, sandbox);
  if (widened !== undefined)
    throw changed(widened, "An admission webhook of the cluster changes pods: exempt the namespace from it.");
}

function whatWidens(spec: V1Pod["spec"], sandbox: V1Container | undefined): string | undefined {
  const { privileged, allowPrivilegeEscalation, capabilities, runAsUser } = sandbox?.securityContext ?? {};
  if (privileged || allowPrivilegeEscalation !== false) return "lets the sandbox gain rights";
  if ((capabilities?.add?.length ?? 0) > 0 || !capabilities?.drop?.includes("ALL"))
    return "gives the sandbox capabilities";
  if (runAsUser !== undefined && runAsUser < 1000) return "runs the sandbox as another user";
  if (spec?.hostNetwork || spec?.hostPID || spec?.hostIPC || spec?.shareProcessNamespace) return "joins namespaces";
  const volumes = spec?.volumes ?? [];
  if (volumes.some(({ hostPath }) => hostPath !== undefined)) return "mounts a directory of the node";
  if (
    volumes.some(({ projected, secret }) => projected?.sources?.some((source) => source.serviceAccountToken) || secret)
  ) {
    return "mounts a token or a secret";
  }
  return undefined;
}

function changed(what: string, hint: string): CapabilityUnsupportedError {
  return new CapabilityUnsupportedError(`The cluster changed the sandbox's pod: it ${what}`, {
    providerId: clusterIdentity.id,
    hint,
  });
}
