import type { TestProviderOptions } from "@glovebox/provider-testkit/certify";
import miniflare from "miniflare/package.json" with { type: "json" };
import provider from "../package.json" with { type: "json" };
import { createCloudflareProvider } from "../src/index.ts";
import { startWorker } from "./support/start-worker.ts";

interface TestedWorker extends AsyncDisposable {
  readonly url: string;
  readonly apiKey: string;
  /** The tested versions, for the report. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * The Worker to test: with `GLOVEBOX_CLOUDFLARE_LIVE=1` the deployed one of `GLOVEBOX_CLOUDFLARE_URL` and
 * `GLOVEBOX_CLOUDFLARE_API_KEY`, else a local one in workerd with containers of the local engine.
 */
export async function testedWorker(): Promise<TestedWorker> {
  const { GLOVEBOX_CLOUDFLARE_URL: url, GLOVEBOX_CLOUDFLARE_API_KEY: apiKey } = process.env;
  if (process.env.GLOVEBOX_CLOUDFLARE_LIVE === "1") {
    if (!url || !apiKey) throw new Error("GLOVEBOX_CLOUDFLARE_LIVE=1 needs GLOVEBOX_CLOUDFLARE_URL and _API_KEY.");
    return { url, apiKey, versions: { "deployed Worker": provider.version }, [Symbol.asyncDispose]: async () => {} };
  }
  const worker = await startWorker();
  return {
    url: worker.url,
    apiKey: worker.apiKey,
    versions: { "workerd on this machine, by Miniflare": miniflare.version },
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  };
}

/** The options of the conformance suite for a Worker. */
export function conformanceOptions({ url, apiKey }: TestedWorker): TestProviderOptions {
  const settings = (address: string) => ({ url: address, apiKey });
  return {
    create: () => createCloudflareProvider(settings(url)),
    // Nothing listens on this port, which fetch does not block.
    unreachable: () => createCloudflareProvider(settings("http://127.0.0.1:2")),
    removeTemplate: async ({ reference }) => {
      const id = reference.replace(/^.*:/, "");
      const headers = { authorization: `Bearer ${apiKey}` };
      const { ok, status } = await fetch(new URL(`v1/snapshots/${id}`, `${url}/`), { method: "DELETE", headers });
      if (!ok) throw new Error(`Cannot remove the snapshot ${id}: ${status}`);
    },
    faults: { upstream: url, create: (address) => createCloudflareProvider(settings(address)), settings },
    plugin: { module: new URL("../src/index.ts", import.meta.url).href, settings: settings(url) },
  };
}
