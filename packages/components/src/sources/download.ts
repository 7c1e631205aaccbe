import type { LookupFunction } from "node:net";
import type { Readable } from "node:stream";
import { rootCertificates } from "node:tls";
import { readHostFileSync } from "@glovebox/core/host-files";
import { type HostEnvironment, hostConnector, hostProxyFailure } from "@glovebox/core/host-proxy";
import {
  InvalidOptionsError,
  SandboxAbortedError,
  SandboxAuthenticationError,
  SandboxNotFoundError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import type { Dispatcher } from "undici";
import type { SourceContext } from "./source-context.ts";
import { withoutCredentials } from "./without-credentials.ts";

const maxRedirects = 5;
const maxCertificateBytes = 16 * 1024 * 1024;

/** How `download` differs from fetching a source. */
export interface DownloadOptions extends Pick<SourceContext, "env" | "signal"> {
  /** What is fetched, for messages: `The session`. Default: `Components`, in the plural. */
  readonly what?: string;
  /** Called for each redirect before it is followed: throws where it may not lead there. */
  readonly checkRedirect?: (url: URL) => void;
  /** Resolves the names of hosts that a redirect leads to, and fails for an address that it may not lead to. */
  readonly redirectLookup?: LookupFunction;
}

/**
 * Gets a URL by way of the host's own proxy and with the certificates that it trusts; redirects are followed where they
 * lead to https again. No credentials are sent. The body is streamed.
 */
export async function download(url: string, context: DownloadOptions): Promise<Readable> {
  let current = url;
  for (let count = 0; count <= maxRedirects; count += 1) {
    checkProtocol(current, context.what);
    if (count > 0) context.checkRedirect?.(new URL(current));
    const reply = await send(current, context, count > 0 ? context.redirectLookup : undefined);
    if (reply.statusCode === 200) return reply.body;
    // Nobody reads the rest of this answer: what goes wrong with it is of no interest.
    reply.body.on("error", () => {}).destroy();
    const { location } = reply.headers;
    if (reply.statusCode < 300 || reply.statusCode > 399 || typeof location !== "string")
      throw refusal(withoutCredentials(current), reply.statusCode);
    current = new URL(location, current).href;
  }
  throw new SandboxUnavailableError(`${withoutCredentials(url)} is redirected more than ${maxRedirects} times`);
}

async function send(
  url: string,
  context: DownloadOptions,
  lookup: LookupFunction | undefined,
): Promise<Dispatcher.ResponseData> {
  // Loaded when something is fetched: it takes longer than a search in the cache does.
  const undici = await import("undici");
  try {
    return await undici.request(url, {
      dispatcher: dispatcher(undici, context.env ?? process.env, lookup),
      headers: { "user-agent": "glovebox" },
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
  } catch (cause) {
    if (context.signal?.aborted) throw new SandboxAbortedError("Fetching was cancelled", { cause });
    const ofProxy = hostProxyFailure(cause);
    if (ofProxy !== undefined) throw ofProxy;
    throw new SandboxUnavailableError(`${withoutCredentials(url)} cannot be reached: ${reason(cause)}`, {
      cause,
      hint: "Check the network and the proxy settings, or work offline, with what is in the cache.",
    });
  }
}

function refusal(url: string, status: number): Error {
  const message = `${url} answered with ${status}`;
  if (status === 404 || status === 410)
    return new SandboxNotFoundError(message, { hint: "A private repository is read with its git URL (ssh or https)." });
  if (status === 401 || status === 403) return new SandboxAuthenticationError(message);
  return new SandboxUnavailableError(message);
}

/** Plain HTTP would let anyone on the way replace what runs: only this machine itself is spoken to that way. */
function checkProtocol(url: string, what: string | undefined): void {
  const { protocol, hostname } = new URL(url);
  const own = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
  if (protocol !== "https:" && !(protocol === "http:" && own))
    throw new InvalidOptionsError(
      `${what === undefined ? "Components are" : `${what} is`} fetched over https, not from ${withoutCredentials(url)}`,
    );
}

function reason(cause: unknown): string {
  const error = cause as { code?: unknown; message?: unknown; cause?: { message?: unknown } };
  return String(error.code ?? error.cause?.message ?? error.message ?? "no reason given");
}

function dispatcher(
  { Agent, buildConnector }: typeof import("undici"),
  env: HostEnvironment,
  lookup: LookupFunction | undefined,
): Dispatcher {
  const extra = [env.NODE_EXTRA_CA_CERTS, env.SSL_CERT_FILE].flatMap(readCertificates);
  const ca = extra.length === 0 ? undefined : [...rootCertificates, ...extra];
  return new Agent({
    connect: hostConnector(buildConnector({ timeout: 30_000, ...(ca && { ca }), ...(lookup && { lookup }) }), {
      env,
      ca,
    }),
    headersTimeout: 60_000,
    bodyTimeout: 60_000,
  });
}

function readCertificates(path: string | undefined): string[] {
  if (path === undefined || path === "") return [];
  try {
    const bytes = readHostFileSync(path, { maxBytes: maxCertificateBytes });
    return bytes === undefined ? [] : [bytes.toString("latin1")];
  } catch {
    // A stale path must not stop what works without it; where it was needed, the TLS error says so.
    return [];
  }
}
