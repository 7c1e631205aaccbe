import { randomUUID } from "node:crypto";
import { ownerLabel, runLabel, type SandboxProvider, type SandboxSpec, type Template } from "@glovebox/core/provider";
import { createKubernetesProvider, type KubernetesProviderSettings } from "../../src/index.ts";
import { testCluster } from "./test-cluster.ts";

/** The provider on the test cluster, in a namespace. */
export function providerIn(namespace: string, settings: KubernetesProviderSettings = {}): SandboxProvider {
  const { kubeconfig, registry } = testCluster;
  return createKubernetesProvider({ kubeconfig, namespace, registry: `http://${registry}/glovebox`, ...settings });
}

/** A sandbox of nobody else, without egress. */
export function specOf(template: Template, changes: Partial<SandboxSpec> = {}): SandboxSpec {
  const run = randomUUID();
  const labels = { [ownerLabel]: "test", [runLabel]: run };
  const egress = { mode: "none" as const, models: [] };
  return { template, labels, ttlMs: 120_000, env: {}, egress, idempotencyKey: run, ...changes };
}
