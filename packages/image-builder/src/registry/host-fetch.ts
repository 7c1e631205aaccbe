import { join } from "node:path";
import { hostCertificates } from "@glovebox/core/host-certificates";
import { readHostText } from "@glovebox/core/host-files";
import { hostConnector } from "@glovebox/core/host-proxy";

const connectTimeoutMs = 20_000;

/** A request to a registry, and what comes back: the part of the standard `fetch` that is used here. */
export interface RegistryRequest {
  readonly method: "GET" | "HEAD" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface RegistryResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

export type RegistryFetch = (url: URL, request: RegistryRequest) => Promise<RegistryResponse>;

/**
 * A `fetch` that goes through the host's proxy and trusts what this host trusts, and for a registry the certificate that
 * Docker was given for it.
 */
export async function hostFetch(registry: string, env: NodeJS.ProcessEnv): Promise<RegistryFetch> {
  // Loading it takes longer than most requests.
  const [{ Agent, buildConnector, fetch }, { rootCertificates }] = await Promise.all([
    import("undici"),
    import("node:tls"),
  ]);
  const own = await readHostText(join("/etc/docker/certs.d", registry, "ca.crt")).catch(() => undefined);
  const extra = hostCertificates(env)?.extra;
  const trusted = extra === undefined && own === undefined ? {} : { ca: [...rootCertificates, extra ?? "", own ?? ""] };
  const connect = hostConnector(buildConnector({ timeout: connectTimeoutMs, ...trusted }), { env });
  // Connections are not kept: a process that has prepared a template may have nothing else to wait for.
  const dispatcher = new Agent({ connect, pipelining: 0 });
  return (url, request) => fetch(url, { ...request, redirect: "follow", dispatcher });
}
