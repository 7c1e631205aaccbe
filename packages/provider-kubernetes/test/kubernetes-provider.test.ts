import { randomUUID } from "node:crypto";
import { ownerLabel, runLabel, type Sandbox, type SandboxSpec, type Template } from "@glovebox/core/provider";
import { CoreV1Api, NetworkingV1Api, type V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createKubernetesProvider, type KubernetesProviderSettings } from "../src/index.ts";
import { createTestNamespace, type TestNamespace, testCluster, testClusterConfig } from "./support/test-cluster.ts";

const core = testClusterConfig().makeApiClient(CoreV1Api);
const timeout = 240_000;
let namespace: TestNamespace;
let template: Template;

beforeAll(async () => {
  namespace = await createTestNamespace();
  template = await providerIn(namespace.name).prepare({ base: { kind: "default" }, layers: [] });
}, timeout);
afterAll(() => namespace[Symbol.asyncDispose]());

function providerIn(name: string, settings: KubernetesProviderSettings = {}) {
  const { kubeconfig, registry } = testCluster;
  return createKubernetesProvider({
    kubeconfig,
    namespace: name,
    registry: `http://${registry}/glovebox`,
    ...settings,
  });
}

function specOf(changes: Partial<SandboxSpec> = {}): SandboxSpec {
  const run = randomUUID();
  const labels = { [ownerLabel]: "test", [runLabel]: run };
  const egress = { mode: "none" as const, models: [] };
  return { template, labels, ttlMs: 120_000, env: {}, egress, idempotencyKey: run, ...changes };
}

async function said(sandbox: Sandbox, script: string): Promise<string> {
  const process = await sandbox.spawn(["/bin/sh", "-c", script]);
  const pieces: Uint8Array[] = [];
  for await (const chunk of process.output) if ("bytes" in chunk) pieces.push(chunk.bytes);
  return Buffer.concat(pieces).toString("utf8");
}

async function podOf({ id }: Pick<Sandbox, "id">): Promise<V1Pod> {
  const [name = "", inNamespace = ""] = id.split(".");
  return core.readNamespacedPod({ name, namespace: inNamespace });
}

describe("a sandbox", () => {
  it("has no network interface that is up, and no token of the cluster", { timeout }, async () => {
    await using sandbox = await providerIn(namespace.name).create(specOf());
    const script =
      "cat /sys/class/net/*/operstate; ls /var/run/secrets 2>&1; env | grep -c TOKEN; cat /proc/self/status";
    const text = await said(sandbox, script);
    expect(text).toMatch(/down/);
    expect(text).not.toMatch(/^up$/m);
    expect(text).toMatch(/No such file/);
    expect(text).toMatch(/^CapBnd:\s*0+$/m);
    expect(text).toMatch(/^NoNewPrivs:\s*1$/m);
  });

  it("lives in a restricted namespace, behind a network policy that it has tested", { timeout }, async () => {
    await using restricted = await createTestNamespace({ podSecurity: "restricted" });
    const provider = providerIn(restricted.name);
    const { ready, findings } = await provider.preflight();
    expect(ready).toBe(true);
    expect(findings).toContainEqual(
      expect.objectContaining({ name: "seal", message: expect.stringContaining("NetworkPolicy") }),
    );
    await using sandbox = await provider.create(specOf());
    const address = "1.1.1.1";
    expect(
      await said(sandbox, `timeout 3 bash -c 'echo > /dev/tcp/${address}/443' 2>/dev/null && echo open || echo shut`),
    ).toBe("shut\n");
    expect((await podOf(sandbox)).spec?.initContainers?.[0]?.securityContext?.runAsNonRoot).toBe(true);
  });

  it("does no work where its policy shuts nothing", { timeout }, async () => {
    await using open = await createTestNamespace();
    // As in a cluster that does not enforce policies.
    const podSelector = { matchLabels: { no: "pod" } };
    await testClusterConfig()
      .makeApiClient(NetworkingV1Api)
      .createNamespacedNetworkPolicy({
        namespace: open.name,
        body: { metadata: { name: "glovebox-deny-all" }, spec: { podSelector, policyTypes: ["Ingress", "Egress"] } },
      });
    const creating = providerIn(open.name, { seal: "policy" }).create(specOf());
    const error = { code: "capability-unsupported", message: expect.stringMatching(/not shut: .*answered/) };
    await expect(creating).rejects.toMatchObject(error);
    expect((await core.listNamespacedPod({ namespace: open.name })).items).toEqual([]);
  });
});

describe("a sandbox on a volume", () => {
  it("is made again with its files where its pod is lost, once its lease has ended, and is removed whole", {
    timeout,
  }, async () => {
    const provider = providerIn(namespace.name, { storageClass: testCluster.storageClass });
    const spec = specOf({ ttlMs: 30_000 });
    const sandbox = await provider.create(spec);
    await said(sandbox, "echo kept > /workspace/file; echo home > ~/file; chmod 640 /workspace/file");
    const before = await sandbox.info();
    const [name = ""] = sandbox.id.split(".");
    await core.deleteNamespacedPod({ name, namespace: namespace.name });
    await sandbox.close();
    const state = async () => {
      for await (const info of provider.list({ labels: spec.labels })) return info.state;
      return undefined;
    };
    await vi.waitUntil(async () => (await state()) === "stopped", { timeout: 90_000, interval: 500 });
    const woken = await provider.connect(sandbox.id, { wakeForMs: 60_000 });
    expect(await said(woken, "cat /workspace/file ~/file; stat -c %a /workspace/file")).toBe("kept\nhome\n640\n");
    expect((await woken.info()).createdAt).toEqual(before.createdAt);
    await woken.destroy();
    expect(await state()).toBeUndefined();
    expect((await core.listNamespacedPersistentVolumeClaim({ namespace: namespace.name })).items).toEqual([]);
  });
});

describe("a create that cannot succeed", () => {
  const cases: readonly (readonly [
    what: string,
    settings: KubernetesProviderSettings,
    changes: Partial<SandboxSpec>,
    error: object,
  ])[] = [
    [
      "no node has the label",
      { nodeSelector: { nobody: "has" }, scheduleTimeoutMs: 3000 },
      {},
      { code: "quota", message: expect.stringMatching(/node.*selector|affinity/) },
    ],
    [
      "no node is as large",
      { requests: { memoryMiB: 4_000_000 }, scheduleTimeoutMs: 3000 },
      { resources: { memoryMiB: 8_000_000 } },
      { code: "quota", message: expect.stringMatching(/Insufficient memory/) },
    ],
    [
      "the cluster has no such runtime",
      { runtimeClass: "nobodys" },
      {},
      { message: expect.stringMatching(/RuntimeClass|nobodys/) },
    ],
    [
      "the lease is longer than the pod may live",
      { maxLifeHours: 1 },
      { ttlMs: 3_700_000 },
      { code: "invalid-options", hint: expect.stringMatching(/maxLifeHours/) },
    ],
  ];
  it.each(cases)("says that %s, and leaves nothing", { timeout }, async (_, settings, changes, error) => {
    const provider = providerIn(namespace.name, settings);
    const spec = specOf(changes);
    await expect(provider.create(spec)).rejects.toMatchObject(error);
    for await (const { id } of provider.list({ labels: spec.labels })) expect(id).toBe("nothing is left");
  });

  it("says that the registry does not have the image", { timeout }, async () => {
    const gone = { ...template, reference: `${testCluster.registry}/glovebox/nobodys:1` };
    const creating = providerIn(namespace.name, { startTimeoutMs: 15_000 }).create(specOf({ template: gone }));
    await expect(creating).rejects.toMatchObject({ code: "template", message: expect.stringContaining("nobodys:1") });
  });

  it("says that the quota is used up", { timeout }, async () => {
    await using small = await createTestNamespace();
    const spec = { hard: { pods: "0" } };
    await core.createNamespacedResourceQuota({ namespace: small.name, body: { metadata: { name: "none" }, spec } });
    await vi.waitUntil(
      async () =>
        (await core.readNamespacedResourceQuota({ name: "none", namespace: small.name })).status?.hard !== undefined,
      { timeout: 30_000 },
    );
    const error = { code: "quota", message: expect.stringContaining("exceeded quota") };
    await expect(providerIn(small.name).create(specOf())).rejects.toMatchObject(error);
  });
});

describe("what somebody else has made", () => {
  it("is neither listed nor removed", { timeout }, async () => {
    const name = `not-ours-${randomUUID().slice(0, 8)}`;
    const labels = { "app.kubernetes.io/managed-by": "glovebox", "glovebox.dev/key": "mine" };
    const container = { name: "sandbox", image: "glovebox/nobody:1", imagePullPolicy: "Never" };
    await core.createNamespacedPod({
      namespace: namespace.name,
      body: { metadata: { name, labels }, spec: { containers: [container] } },
    });
    const provider = providerIn(namespace.name);
    const id = `${name}.${namespace.name}`;
    for await (const info of provider.list({ labels: {} })) expect(info.id).not.toBe(id);
    await expect(provider.destroy(id)).rejects.toMatchObject({ code: "invalid-options" });
    await expect(provider.connect(id)).rejects.toMatchObject({ code: "not-found" });
    expect((await podOf({ id })).metadata?.deletionTimestamp).toBeUndefined();
    await core.deleteNamespacedPod({ name, namespace: namespace.name });
  });
});

describe("a pod that the cluster ends", () => {
  it("is reported as gone with its files, and its rest is removed", { timeout }, async () => {
    const provider = providerIn(namespace.name, { ephemeralStorageMiB: 64 });
    const spec = specOf();
    const sandbox = await provider.create(spec);
    void said(sandbox, "head -c 200000000 /dev/zero > /workspace/large; sleep 100").catch(() => {});
    await vi.waitUntil(async () => (await podOf(sandbox)).status?.phase === "Failed", {
      timeout: 120_000,
      interval: 500,
    });
    const error = { code: "not-found", message: expect.stringMatching(/evicted.*files are gone/) };
    await expect(sandbox.info()).rejects.toMatchObject(error);
    await expect(provider.connect(sandbox.id, { wakeForMs: 60_000 })).rejects.toMatchObject(error);
    await sandbox.destroy();
    for await (const { id } of provider.list({ labels: spec.labels })) expect(id).toBe("nothing is left");
  });
});
