import { CoreV1Api } from "@kubernetes/client-node";
import { vi } from "vitest";
import type { KubernetesProviderSettings } from "../../src/index.ts";
import { changeNode, testClusterConfig } from "./test-cluster.ts";

const name = "node-3";

/** A node that one test file has for itself, to be lost. */
export interface SpareNode extends AsyncDisposable {
  readonly name: string;
  /** Settings with which pods start on this node, and elsewhere only while it is lost. */
  readonly settings: Pick<KubernetesProviderSettings, "podTemplate">;
  /** Starts it, and resolves when it takes pods. */
  start(): Promise<void>;
}

/** Starts the node. It goes, with its record in the cluster, when it is disposed of. */
export async function startSpareNode(): Promise<SpareNode> {
  const core = testClusterConfig().makeApiClient(CoreV1Api);
  const node: SpareNode = {
    name,
    settings: {
      podTemplate: {
        spec: {
          tolerations: [{ key: "glovebox.test/spare", operator: "Exists" }],
          affinity: {
            nodeAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                {
                  weight: 100,
                  preference: { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [name] }] },
                },
              ],
            },
          },
        },
      },
    },
    async start() {
      await changeNode("start", name);
      await vi.waitUntil(() => isReady(core), { timeout: 60_000, interval: 250 });
    },
    async [Symbol.asyncDispose]() {
      await changeNode("kill", name);
      await core.deleteNode({ name });
    },
  };
  await node.start();
  return node;
}

async function isReady(core: CoreV1Api): Promise<boolean> {
  // While nodes come and go, the API server may be out of reach for a moment.
  const nodes = await core.listNode().catch(() => undefined);
  const found = nodes?.items.find(({ metadata }) => metadata?.name === name);
  const taints = found?.spec?.taints?.filter(({ key }) => key.startsWith("node.kubernetes.io/")) ?? [];
  return (
    taints.length === 0 &&
    (found?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false)
  );
}
