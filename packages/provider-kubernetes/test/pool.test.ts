import { dropUndefined, type Template } from "@glovebox/core/provider";
import { AppsV1Api, CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { KubernetesContext } from "../src/kubernetes-context.ts";
import { kubernetesSettings } from "../src/kubernetes-settings.ts";
import { bridgeCommand } from "../src/pod/pod-containers.ts";
import { supervisorToken } from "../src/pod/pod-facts.ts";
import { containerName } from "../src/pod/pod-names.ts";
import { listPools, removePool } from "../src/pool/known-pools.ts";
import { connectToSupervisor } from "../src/stream/connect-to-supervisor.ts";
import { providerIn, specOf } from "./support/provider-in.ts";
import { createTestNamespace, type TestNamespace, testCluster, testClusterConfig } from "./support/test-cluster.ts";

const config = testClusterConfig();
const core = config.makeApiClient(CoreV1Api);
const apps = config.makeApiClient(AppsV1Api);
const timeout = 240_000;
const waiting = { timeout: 120_000, interval: 250 };
const poolSize = 2;
let namespace: TestNamespace;
let template: Template;

beforeAll(async () => {
  namespace = await createTestNamespace();
  template = await providerIn(namespace.name).prepare({ base: { kind: "default" }, layers: [] });
}, timeout);
afterAll(() => namespace[Symbol.asyncDispose]());
beforeEach(async () => {
  await fill();
}, timeout);

const provider = () => providerIn(namespace.name, { poolSize });

/** The pods that wait, but for those that are about to go. */
async function waitingPods(): Promise<readonly V1Pod[]> {
  const labelSelector = "glovebox.dev/pool";
  const { items } = await core.listNamespacedPod({ namespace: namespace.name, labelSelector });
  return items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
}

async function readyNames(): Promise<readonly string[]> {
  const ready = (await waitingPods()).filter(({ status }) => status?.containerStatuses?.[0]?.ready);
  return ready.map(({ metadata }) => metadata?.name ?? "");
}

/** The first sandbox of a kind fills its pool. */
async function fill(): Promise<void> {
  if ((await waitingPods()).length === 0) {
    await using _ = await provider().create(specOf(template));
  }
  await vi.waitUntil(async () => (await readyNames()).length === poolSize, waiting);
}

const podName = (id: string) => id.split(".")[0] ?? "";

it("hands out a pod that waits, once, and another one takes its place", { timeout }, async () => {
  const before = await readyNames();
  const spec = specOf(template, { env: { COLOR: "red" } });
  await using sandbox = await provider().create(spec);
  expect(before).toContain(podName(sandbox.id));
  const pod = await core.readNamespacedPod({ name: podName(sandbox.id), namespace: namespace.name });
  expect(pod.metadata?.ownerReferences ?? []).toEqual([]);
  expect(pod.spec?.activeDeadlineSeconds).toBeGreaterThan(23 * 3600);
  const { exitCode } = await (await sandbox.spawn(["/bin/sh", "-c", 'test "$COLOR" = red && touch /workspace/mine']))
    .exit;
  expect(exitCode).toBe(0);
  expect(await sandbox.info()).toMatchObject({ state: "running", labels: spec.labels });
  await vi.waitUntil(async () => (await readyNames()).length === poolSize, waiting);
  expect(await readyNames()).not.toContain(podName(sandbox.id));
});

it("gives each of several creates at the same time a pod of its own", { timeout }, async () => {
  const sandboxes = await Promise.all([1, 2, 3].map(() => provider().create(specOf(template))));
  expect(new Set(sandboxes.map(({ id }) => id)).size).toBe(3);
  await Promise.all(sandboxes.map((sandbox) => sandbox.destroy()));
});

it("finds the sandbox that an earlier call with the same key has taken", { timeout }, async () => {
  const spec = specOf(template);
  const first = await provider().create(spec);
  const again = await provider().create(spec);
  expect(again.id).toBe(first.id);
  await again.close();
  await first.destroy();
});

it("hands nothing out to a sandbox with other limits", { timeout }, async () => {
  const before = await readyNames();
  await using sandbox = await provider().create(specOf(template, { resources: { memoryMiB: 700 } }));
  expect(before).not.toContain(podName(sandbox.id));
  // It has filled a pool of its own kind, which goes again.
  const context = contextOf();
  const [newest] = await listPools(context);
  await removePool(context, newest?.name ?? "");
});

it("neither lists nor removes what waits as a sandbox", { timeout }, async () => {
  const [name = ""] = await readyNames();
  const found: string[] = [];
  for await (const { id } of provider().list({ labels: {} })) found.push(podName(id));
  expect(found).not.toContain(name);
  await expect(provider().connect(`${name}.${namespace.name}`)).rejects.toMatchObject({ code: "not-found" });
});

it("hands out no pod whose supervisor has ended before", { timeout }, async () => {
  const [name = ""] = await readyNames();
  const pod = await core.readNamespacedPod({ name, namespace: namespace.name });
  const { cluster } = contextOf();
  const request = { namespace: namespace.name, pod: name, container: containerName, command: bridgeCommand };
  const connection = await connectToSupervisor(cluster, {
    ...request,
    ...dropUndefined({ firstLine: supervisorToken(pod) }),
  });
  // The shortest lease: it ends at once, and the container starts again.
  await connection.extend(1);
  await connection.closed;
  const restarts = async () => {
    const { status } = await core.readNamespacedPod({ name, namespace: namespace.name });
    const [container] = status?.containerStatuses ?? [];
    return container?.ready ? container.restartCount : 0;
  };
  await vi.waitUntil(async () => (await restarts()) > 0, waiting);
  const sandboxes = await Promise.all([1, 2].map(() => provider().create(specOf(template))));
  expect(sandboxes.map(({ id }) => podName(id))).not.toContain(name);
  await Promise.all(sandboxes.map((sandbox) => sandbox.destroy()));
  await core.deleteNamespacedPod({ name, namespace: namespace.name });
});

it("drains a pool, and leaves the sandboxes that came from it", { timeout }, async () => {
  await using sandbox = await provider().create(specOf(template));
  const context = contextOf();
  const pools = await listPools(context);
  expect(pools).toHaveLength(1);
  expect(pools[0]).toMatchObject({ size: poolSize, image: template.reference });
  await vi.waitUntil(async () => (await readyNames()).length === poolSize, waiting);
  for (const { name } of pools) await removePool(context, name);
  await vi.waitUntil(async () => (await waitingPods()).length === 0, waiting);
  expect((await apps.listNamespacedReplicaSet({ namespace: namespace.name })).items).toEqual([]);
  expect((await (await sandbox.spawn(["/bin/true"])).exit).exitCode).toBe(0);
});

function contextOf(): KubernetesContext {
  const { kubeconfig } = testCluster;
  return new KubernetesContext(kubernetesSettings.parse({ kubeconfig, namespace: namespace.name }));
}
