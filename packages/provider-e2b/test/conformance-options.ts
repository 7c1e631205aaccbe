import type { TestProviderOptions } from "@glovebox/provider-testkit/certify";
import { createE2bProvider, type E2bProviderSettings } from "../src/index.ts";
import { type RunningGateway, startGateway } from "./start-gateway.ts";

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
  return {
    options: {
      ...providerOptions(gateway),
      hostServers: { address: () => addresses[next++ % serverCount] ?? "127.77.0.1", port: 80 },
      skips,
    },
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

function providerOptions({ url, apiKey }: RunningGateway): TestProviderOptions {
  const at = (address: string): E2bProviderSettings => ({ apiKey, apiUrl: address, sandboxUrl: address });
  const create = (): ReturnType<typeof createE2bProvider> => createE2bProvider(at(url));
  return {
    create,
    unreachable: () => createE2bProvider(at("http://127.0.0.1:4")),
    plugin: { module: new URL("../src/index.ts", import.meta.url).href, settings: { ...at(url) } },
    faults: {
      upstream: url,
      create: (address) => createE2bProvider(at(address)),
      settings: (address) => ({ ...at(address) }),
    },
  };
}
