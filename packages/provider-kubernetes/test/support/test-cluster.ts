import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { CoreV1Api, KubeConfig, NetworkingV1Api } from "@kubernetes/client-node";
import { runCommand } from "./run-command.ts";

const kubeconfig = "/var/lib/glovebox-test-cluster/kubeconfig";

/** The cluster that `tooling/prepare-kubernetes` starts. */
export const testCluster = {
  /** Credentials that may do everything. */
  kubeconfig,
  nodes: ["node-1", "node-2"],
  /** A registry that an engine on this machine and the nodes reach by the same name, without TLS and without a login. */
  registry: "127.0.0.1:5051",
  /** Makes volumes that both nodes mount: they survive their node. */
  storageClass: "standard",
  snapshotClass: "standard",
  /** A runtime class that runs containers as the default does. */
  runtimeClass: "second",
} as const;

/** Clients of the cluster's API. Throws where the cluster is not started. */
export function testClusterConfig(): KubeConfig {
  if (!existsSync(kubeconfig)) {
    throw new Error("The cluster for the tests is not started: run tooling/prepare-kubernetes");
  }
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return config;
}

export interface TestNamespace extends AsyncDisposable {
  readonly name: string;
}

export interface TestNamespaceOptions {
  /** The level of the Pod Security Standards that the namespace enforces. Default: none. */
  readonly podSecurity?: "baseline" | "restricted";
  /** Denies all traffic of its pods by a network policy. Default: false. */
  readonly denyNetwork?: boolean;
}

/** Creates a namespace, which goes with all that it holds when it is disposed of. */
export async function createTestNamespace(options: TestNamespaceOptions = {}): Promise<TestNamespace> {
  const config = testClusterConfig();
  const core = config.makeApiClient(CoreV1Api);
  const name = `test-${randomBytes(5).toString("hex")}`;
  const labels: Record<string, string> = options.podSecurity
    ? { "pod-security.kubernetes.io/enforce": options.podSecurity }
    : {};
  await core.createNamespace({ body: { metadata: { name, labels } } });
  if (options.denyNetwork) await denyNetwork(config, name);
  for (let looks = 0; !(await takesPods(core, name)); looks += 1) {
    if (looks === 300) throw new Error(`The cluster makes no service account for the namespace ${name}`);
    await delay(200);
  }
  return {
    name,
    async [Symbol.asyncDispose]() {
      await core.deleteNamespace({ name });
    },
  };
}

/** The cluster refuses pods of a namespace whose service account has no token yet. */
async function takesPods(core: CoreV1Api, namespace: string): Promise<boolean> {
  const { items } = await core.listNamespacedServiceAccount({ namespace });
  return items.some(({ secrets }) => secrets?.length);
}

async function denyNetwork(config: KubeConfig, namespace: string): Promise<void> {
  await config.makeApiClient(NetworkingV1Api).createNamespacedNetworkPolicy({
    namespace,
    body: {
      metadata: { name: "glovebox-deny-all" },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    },
  });
}

/** What can happen to a node: `kill` cuts its power, `start` brings it back, `cut` takes it off the network, `join` undoes that. */
export type NodeChange = "kill" | "start" | "cut" | "join";

/** Changes a node and returns when it is done: what the cluster makes of it takes its own time. */
export async function changeNode(change: NodeChange, node: string): Promise<void> {
  const script = fileURLToPath(new URL("../../../../tooling/kubernetes/change-node", import.meta.url));
  await runCommand([script, change, node]);
}
