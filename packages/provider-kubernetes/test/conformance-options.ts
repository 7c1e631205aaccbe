import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProviderOptions } from "@glovebox/provider-testkit/certify";
import { createKubernetesProvider, type KubernetesProviderSettings } from "../src/index.ts";
import { CuttingApi } from "./support/cutting-api.ts";
import { createTestNamespace, testCluster } from "./support/test-cluster.ts";

/** Nothing listens on this port: neither an API server nor a registry. */
const nowhere = "http://127.0.0.1:4";

export interface OpenConformance extends AsyncDisposable {
  readonly options: TestProviderOptions;
  /** Of the provider that is tested. */
  readonly settings: KubernetesProviderSettings;
}

/** Options for the test cluster, with a namespace of its own and a place before the API server for faults. */
export async function openConformance(changes: KubernetesProviderSettings = {}): Promise<OpenConformance> {
  const namespace = await createTestNamespace();
  const api = await CuttingApi.listen(testCluster.kubeconfig);
  const directory = mkdtempSync(join(tmpdir(), "glovebox-kubeconfigs-"));
  const settings = {
    kubeconfig: testCluster.kubeconfig,
    namespace: namespace.name,
    registry: `http://${testCluster.registry}/glovebox`,
    ...changes,
  };
  const at = (address: string): KubernetesProviderSettings => ({
    ...settings,
    kubeconfig: kubeconfigOf(directory, address),
  });
  return {
    settings,
    options: {
      create: () => createKubernetesProvider(settings),
      unreachable: () => createKubernetesProvider({ ...at(nowhere), registry: `${nowhere}/glovebox` }),
      plugin: { module: new URL("../src/index.ts", import.meta.url).href, settings },
      faults: {
        upstream: api.url,
        create: (address) => createKubernetesProvider(at(address)),
        settings: (address) => ({ ...at(address) }),
      },
      // A node takes a second or two to notice that a container has ended.
      limits: { leaseMs: 8000, timeFactor: 2 },
    },
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      await namespace[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A kubeconfig that leads to an address of this machine. */
function kubeconfigOf(directory: string, address: string): string {
  const path = join(directory, address.replace(/\W+/g, "-"));
  const cluster = { server: address, "insecure-skip-tls-verify": true };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [{ name: "test", cluster }],
    users: [{ name: "test", user: {} }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}
