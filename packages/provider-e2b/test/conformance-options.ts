import type { TestProviderOptions } from "@glovebox/provider-testkit/certify";
import { Sandbox, type SandboxApiOpts } from "e2b";
import { createE2bProvider, type E2bProviderSettings } from "../src/index.ts";
import { type RunningGateway, startGateway } from "./start-gateway.ts";

/** Nothing listens there, and it is none of the ports that fetch refuses. */
const nowhere = "http://127.0.0.1:4";
const serverCount = 64;
/** The addresses at which the suite's servers listen: E2B's rules hold for a name's ports 80 and 443. */
const addresses = Array.from({ length: serverCount }, (_, index) => `127.77.0.${index + 1}`);

/** What a deviation from the suite rests on. */
const skips = {
  "egress/taken-over": "E2B itself enforces the policy, also while no host is connected; a later policy replaces it",
};

export interface OpenConformance extends AsyncDisposable {
  readonly options: TestProviderOptions;
}

/** How the conformance suite is run: the real SDK against E2B's protocol in front of the Docker engine. */
export async function openConformance(): Promise<OpenConformance> {
  const gateway = await startGateway({ privateHosts: addresses.map((address) => `${address}:80`) });
  let next = 0;
  const options = providerOptions(gateway);
  // As a person does once: sandboxes are made of a template that holds everything.
  await options.create().prepare({ base: { kind: "default" }, layers: [] }, { rebuild: true });
  return {
    options: {
      ...options,
      hostServers: { address: () => addresses[next++ % serverCount] ?? "127.77.0.1", port: 80 },
      // E2B counts whole seconds, of which a create takes some; and every byte passes two supervisors here.
      limits: { leaseMs: 10_000, largeFileBytes: 128 * 1024 ** 2 },
      skips,
    },
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

/** The same against E2B itself, which reaches no server of this machine, and where time and bytes are paid for. */
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
  const at = (address: string): E2bProviderSettings & { readonly apiKey: string } => ({
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
