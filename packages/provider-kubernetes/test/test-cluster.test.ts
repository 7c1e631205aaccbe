import { CoreV1Api, NodeV1Api, StorageV1Api } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { createTestNamespace, testCluster, testClusterConfig } from "./support/test-cluster.ts";

const restricted = {
  runAsNonRoot: true,
  runAsUser: 1000,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

describe("the cluster for the tests", () => {
  it("has two nodes that are ready, a storage class and a second runtime", async () => {
    const config = testClusterConfig();
    const { items } = await config.makeApiClient(CoreV1Api).listNode();
    const ready = items.filter(({ status }) =>
      status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
    );
    // Tests that lose a node add one of their own.
    expect(ready.map(({ metadata }) => metadata?.name)).toEqual(expect.arrayContaining([...testCluster.nodes]));
    await config.makeApiClient(StorageV1Api).readStorageClass({ name: testCluster.storageClass });
    await config.makeApiClient(NodeV1Api).readRuntimeClass({ name: testCluster.runtimeClass });
  });

  it("refuses what a restricted namespace refuses, and takes what it takes", async () => {
    await using namespace = await createTestNamespace({ podSecurity: "restricted" });
    const core = testClusterConfig().makeApiClient(CoreV1Api);
    const create = (securityContext: object) =>
      core.createNamespacedPod({
        namespace: namespace.name,
        body: { metadata: { name: "pod" }, spec: { containers: [{ name: "a", image: "none", securityContext }] } },
      });
    await expect(create({ ...restricted, capabilities: {} })).rejects.toThrow(
      /violates PodSecurity .*unrestricted capabilities/,
    );
    await create(restricted);
  });

  it("counts what a namespace may use", async () => {
    await using namespace = await createTestNamespace();
    const core = testClusterConfig().makeApiClient(CoreV1Api);
    await core.createNamespacedResourceQuota({
      namespace: namespace.name,
      body: { metadata: { name: "none" }, spec: { hard: { pods: "0" } } },
    });
    await expect
      .poll(async () => {
        const body = { metadata: { name: "pod" }, spec: { containers: [{ name: "a", image: "none" }] } };
        return core.createNamespacedPod({ namespace: namespace.name, body }).then(
          async () => {
            await core.deleteNamespacedPod({ namespace: namespace.name, name: "pod" });
            return "created";
          },
          (error: Error) => error.message,
        );
      })
      .toMatch(/exceeded quota/);
  });
});
