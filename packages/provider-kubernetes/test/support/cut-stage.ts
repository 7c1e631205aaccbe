import { randomUUID } from "node:crypto";
import { ownerLabel, runLabel, type Sandbox } from "@glovebox/core/provider";
import { createKubernetesProvider } from "../../src/index.ts";
import { CuttingApi } from "./cutting-api.ts";
import { createTestNamespace, testCluster } from "./test-cluster.ts";

export interface CutStage extends AsyncDisposable {
  readonly api: CuttingApi;
  /** Reached through the API. */
  readonly sandboxes: readonly Sandbox[];
}

/** Sandboxes of the tests' cluster, in a namespace of their own, behind an API whose streams can be cut. */
export async function openCutStage(count: number): Promise<CutStage> {
  const resources = new AsyncDisposableStack();
  try {
    const namespace = resources.use(await createTestNamespace());
    const api = resources.use(await CuttingApi.listen(testCluster.kubeconfig));
    const { registry } = testCluster;
    const provider = createKubernetesProvider({
      ...{ kubeconfig: api.kubeconfig, namespace: namespace.name, registry: `http://${registry}/glovebox` },
    });
    const template = await provider.prepare({ base: { kind: "default" }, layers: [] });
    const create = async (): Promise<Sandbox> => {
      const run = randomUUID();
      const labels = { [ownerLabel]: "cut", [runLabel]: run };
      const egress = { mode: "none" as const, models: [] };
      return provider.create({ template, labels, ttlMs: 3_600_000, env: {}, egress, idempotencyKey: run });
    };
    const sandboxes = await Promise.all(Array.from({ length: count }, create));
    for (const sandbox of sandboxes) resources.defer(() => sandbox.close());
    const owned = resources.move();
    return { api, sandboxes, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}
