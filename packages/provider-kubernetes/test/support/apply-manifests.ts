import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CoreV1Api, KubeConfig, KubernetesObjectApi, loadAllYaml, loadYaml } from "@kubernetes/client-node";
import { vi } from "vitest";
import { testClusterConfig } from "./test-cluster.ts";

const directory = new URL("../../kubernetes/", import.meta.url);

/** The manifests of the package, applied to a namespace that goes when this is disposed of. */
export interface AppliedManifests extends AsyncDisposable {
  readonly namespace: string;
  /** Credentials of the service account `glovebox`, as an administrator gives them out. */
  readonly kubeconfig: string;
}

/**
 * Applies what `kubectl apply -k` would, with another name for the namespace, and with `namespaceFile` in place of
 * `namespace.yaml`.
 */
export async function applyManifests(namespaceFile = "namespace.yaml"): Promise<AppliedManifests> {
  const config = testClusterConfig();
  const namespace = `test-${randomBytes(5).toString("hex")}`;
  const { resources } = loadYaml<{ resources: readonly string[] }>(await manifest("kustomization.yaml"));
  const objects = config.makeApiClient(KubernetesObjectApi);
  for (const file of resources) {
    const text = (await manifest(file === "namespace.yaml" ? namespaceFile : file))
      .replace(/^( *namespace:) glovebox$/gm, `$1 ${namespace}`)
      .replace(/^(kind: Namespace\nmetadata:\n {2}name:) glovebox$/gm, `$1 ${namespace}`);
    for (const object of loadAllYaml(text)) await objects.create(object);
  }
  const places = await mkdtemp(join(tmpdir(), "glovebox-kubeconfig-"));
  const kubeconfig = join(places, "kubeconfig");
  await writeFile(kubeconfig, await accountConfig(config, namespace), { mode: 0o600 });
  return {
    namespace,
    kubeconfig,
    async [Symbol.asyncDispose]() {
      await config.makeApiClient(CoreV1Api).deleteNamespace({ name: namespace });
      await rm(places, { recursive: true });
    },
  };
}

function manifest(file: string): Promise<string> {
  return readFile(new URL(file, directory), "utf8");
}

/** A kubeconfig with a token of the service account, as of `kubectl create token`. */
async function accountConfig(config: KubeConfig, namespace: string): Promise<string> {
  const core = config.makeApiClient(CoreV1Api);
  const request = { name: "glovebox", namespace, body: { spec: { audiences: [], expirationSeconds: 3600 } } };
  const { status } = await core.createNamespacedServiceAccountToken(request);
  // The cluster refuses pods of a namespace whose default account is not there yet.
  await vi.waitUntil(() => core.readNamespacedServiceAccount({ name: "default", namespace }).catch(() => false), {
    timeout: 60_000,
  });
  const account = new KubeConfig();
  account.loadFromClusterAndUser(present(config.getCurrentCluster()), {
    name: "glovebox",
    token: present(status?.token),
  });
  account.contexts = account.contexts.map((context) => ({ ...context, namespace }));
  return account.exportConfig();
}

function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error("The cluster gave no token, or the kubeconfig names none");
  return value;
}
