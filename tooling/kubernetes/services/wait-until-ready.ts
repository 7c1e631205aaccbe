// Waits until nodes are ready to run pods. Usage: wait-until-ready.ts <certificates> <milliseconds> <node>…
import { setTimeout } from "node:timers/promises";
import { ApiClient, type KubernetesObject } from "./api-client.ts";

interface Node extends KubernetesObject {
  readonly spec: { readonly taints?: readonly { readonly key: string }[] };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const [certificates = "", timeoutMs = "", ...nodes] = process.argv.slice(2);
const deadline = Date.now() + Number(timeoutMs);
const api = new ApiClient("https://10.213.0.1:443", certificates);

async function missing(): Promise<readonly string[]> {
  const [listed, classes] = await Promise.all([
    api.list<Node>("/api/v1/nodes"),
    api.list<KubernetesObject>("/apis/snapshot.storage.k8s.io/v1/volumesnapshotclasses"),
  ]);
  const ready = listed.filter(
    ({ spec, status }) =>
      !spec.taints?.length && status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
  );
  const names = new Set([...ready, ...classes].map(({ metadata }) => metadata.name));
  return ["standard", ...nodes].filter((name) => !names.has(name));
}

for (;;) {
  const reason = await missing().then(
    (names) => (names.length > 0 ? `not ready: ${names.join(", ")}` : undefined),
    (error: Error) => error.message,
  );
  if (!reason) process.exit(0);
  if (Date.now() > deadline) {
    console.error(`error: The cluster for the tests is not ready (${reason})`);
    process.exit(1);
  }
  await setTimeout(200);
}
