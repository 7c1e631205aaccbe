import type { V1NetworkPolicy } from "@kubernetes/client-node";
import { manager, podLabels } from "./pod-names.ts";

export const denyAllName = "glovebox-deny-all";

/** Denies every connection from and to the sandboxes of a namespace, where the cluster's network enforces policies. */
export function denyAllPolicy(namespace: string): V1NetworkPolicy {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: denyAllName, namespace, labels: { [podLabels.managedBy]: manager } },
    spec: {
      podSelector: { matchLabels: { [podLabels.managedBy]: manager } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [],
    },
  };
}
