import type { TestProviderOptions } from "@glovebox/provider-testkit/certify";
import { Sandbox, type SandboxApiOpts } from "e2b";
import { createE2bProvider } from "../src/index.ts";
import { type RunningGateway, startGateway } from "./start-gateway.ts";

/** Nothing listens on this port, which fetch does not block. */
const nowhere = "http://127.0.0.1:4";
const serverCount = 64;
/** Addresses for the suite's servers, because E2B's rules apply to the ports 80 and 443. */
const addresses = Array.from({ length: serverCount }, (_, index) => `127.77.0.${index + 1}`);

/** Why a case is skipped. */
const skips = {
  "egress/taken-over": "E2B itself enforces the policy, also while no host is connected; a later policy replaces it",
};

export interface OpenConformance extends AsyncDisposable {
  readonly options: TestProviderOptions;
}

/** Options for the real SDK against the E2B gateway with the Docker engine. */
export async function openConformance(): Promise<OpenConformance> {
  const gateway = await startGateway({ privateHosts: addresses.map((address) => `${address}:80`) });
  let next = 0;
  const options = providerOptions(gateway);
  // As a user does once: build a template with everything.
  await options.create().prepare({ base: { kind: "default" }, layers: [] }, { rebuild: true });
  return {
    options: {
      ...options,
      hostServers: { address: () => addresses[next++ % serverCount] ?? "127.77.0.1", port: 80 },
      // E2B counts whole seconds, and a create takes some of them. Every byte passes two supervisors here.
      limits: { leaseMs: 10_000, largeFileBytes: 128 * 1024 ** 2 },
      skips,
    },
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

/** Options for E2B itself, which cannot reach this machine and costs money. */
export function liveOptions(): TestProviderOptions {
  const noServer = "E2B's sandboxes reach no server of this machine";
  const needServer = ["credential-host", "model-route", "sealed-is-shut", "none-is-shut"];
  return {
    create: () => createE2bProvider(),
    unreachable: () => createE2bProvider({ apiUrl: nowhere }),
    plugin: { module: new URL("../src/index.ts", import.meta.url).href },
    removeTemplate: removeSnapshot({}),
    limits: {
      largeFileBytes: 64 * 1024 ** 2,
      outputBytes: 10_000_000,
      concurrentProcesses: 20,
      listedSandboxes: 4,
      leaseMs: 30_000,
      timeFactor: 4,
    },
    skips: { ...skips, ...Object.fromEntries(needServer.map((name) => [`egress/${name}`, noServer])) },
    versions: { "E2B's cloud": "as it was on the day" },
  };
}

function providerOptions({ url, apiKey }: RunningGateway): TestProviderOptions {
  const at = (address: string) => ({
    apiKey,
    apiUrl: address,
    sandboxUrl: address,
  });
  const create = (): ReturnType<typeof createE2bProvider> => createE2bProvider(at(url));
  return {
    create,
    unreachable: () => createE2bProvider(at(nowhere)),
    removeTemplate: removeSnapshot(at(url)),
    plugin: { module: new URL("../src/index.ts", import.meta.url).href, settings: { ...at(url) } },
    faults: {
      upstream: url,
      create: (address) => createE2bProvider(at(address)),
      settings: (address) => ({ ...at(address) }),
    },
  };
}

function removeSnapshot({ apiKey, apiUrl }: { readonly apiKey?: string; readonly apiUrl?: string }) {
  return async ({ reference }: { readonly reference: string }): Promise<void> => {
    await Sandbox.deleteSnapshot(reference.replace(/^snapshot:/, ""), {
      ...(apiKey !== undefined && { apiKey }),
      ...(apiUrl !== undefined && { apiUrl }),
    } as SandboxApiOpts);
  };
}
