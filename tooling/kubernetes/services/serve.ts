// What a real cluster has beyond Kubernetes' own programs, as far as a sandbox meets it: Pod Security admission, a network
// that enforces policies, volumes and snapshots of them, and addresses that answer. Usage: serve.ts <directory>
import { setTimeout } from "node:timers/promises";
import { answerAt } from "./answering-addresses.ts";
import { ApiClient } from "./api-client.ts";
import { DirectoryVolumes, volumeProvisioner } from "./directory-volumes.ts";
import { NetworkPolicies } from "./network-policies.ts";
import { servePodSecurity } from "./pod-security-webhook.ts";
import { VolumeSnapshots } from "./volume-snapshots.ts";

const [directory = ""] = process.argv.slice(2);
const pauseMs = 300;

const api = new ApiClient("https://127.0.0.1:443", `${directory}/certificates`);
const volumes = `${directory}/volumes`;
const snapshots = new VolumeSnapshots(api, volumes);

async function prepare(): Promise<void> {
  await api.create("/apis/storage.k8s.io/v1/storageclasses", {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: volumeProvisioner,
  });
  await api.create("/apis/node.k8s.io/v1/runtimeclasses", {
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    metadata: { name: "second" },
    handler: "second",
  });
  await snapshots.define();
  await snapshots.createClass();
}

async function untilDone(name: string, action: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await action();
      return;
    } catch (error) {
      console.error(`${name}:`, error);
      await setTimeout(pauseMs);
    }
  }
}

async function reconcileForever(name: string, action: () => Promise<void>): Promise<never> {
  for (;;) {
    await untilDone(name, action);
    await setTimeout(pauseMs);
  }
}

answerAt(["10.213.0.1", "10.213.1.10"], ["169.254.169.254", "1.1.1.1", "8.8.8.8"]);
await untilDone("Pod Security", () => servePodSecurity(api, `${directory}/certificates`));
await untilDone("preparing", prepare);
const policies = new NetworkPolicies(api);
const directories = new DirectoryVolumes(api, volumes);
await Promise.all([
  reconcileForever("network policies", () => policies.reconcile()),
  reconcileForever("volumes", () => directories.reconcile()),
  reconcileForever("snapshots", () => snapshots.reconcile()),
]);
