import { readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { rootCertificates } from "node:tls";
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

/** Gets a URL by way of the host's own proxy and with the certificates that it trusts. The body is streamed. */
export async function download(url: string, context: SourceContext): Promise<Readable> {
  checkProtocol(url);
  const shown = withoutCredentials(url);
  // Loaded when something is fetched: it takes longer than a search in the cache does.
  const undici = await import("undici");
  let reply: Dispatcher.ResponseData;
  try {
    reply = await undici.request(url, {
      dispatcher: dispatcher(undici, context.env ?? process.env),
      headers: { "user-agent": "glovebox" },
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
  } catch (cause) {
    if (context.signal?.aborted) throw new SandboxAbortedError("Fetching components was cancelled", { cause });
    throw new SandboxUnavailableError(`${shown} cannot be reached: ${reason(cause)}`, {
      cause,
      hint: "Check the network and the proxy settings, or use what is in the cache with --offline.",
    });
  }
  if (reply.statusCode === 200) return reply.body;
  reply.body.on("error", () => {}).destroy();
  throw refusal(shown, reply.statusCode);
}

function refusal(url: string, status: number): Error {
  const message = `${url} answered with ${status}`;
  if (status === 404 || status === 410)
    return new SandboxNotFoundError(message, { hint: "A private repository is read with its git URL (ssh or https)." });
  if (status === 401 || status === 403) return new SandboxAuthenticationError(message);
  return new SandboxUnavailableError(message);
}

/** Plain HTTP would let anyone on the way replace what runs: only this machine itself is spoken to that way. */
function checkProtocol(url: string): void {
  const { protocol, hostname } = new URL(url);
  const own = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
  if (protocol !== "https:" && !(protocol === "http:" && own))
    throw new InvalidOptionsError(`Components are fetched over https, not from ${withoutCredentials(url)}`);
}

function reason(cause: unknown): string {
  const error = cause as { code?: unknown; message?: unknown; cause?: { message?: unknown } };
  return String(error.code ?? error.cause?.message ?? error.message ?? "no reason given");
}

function dispatcher(
  { EnvHttpProxyAgent, interceptors }: typeof import("undici"),
  env: Readonly<Record<string, string | undefined>>,
): Dispatcher {
  const extra = [env.NODE_EXTRA_CA_CERTS, env.SSL_CERT_FILE].flatMap(readCertificates);
  const tls = extra.length === 0 ? {} : { ca: [...rootCertificates, ...extra] };
  const noProxy = env.no_proxy ?? env.NO_PROXY ?? "";
  return new EnvHttpProxyAgent({
    // Empty rather than absent: the agent would read the process's own environment.
    httpProxy: env.http_proxy ?? env.HTTP_PROXY ?? "",
    httpsProxy: env.https_proxy ?? env.HTTPS_PROXY ?? "",
    noProxy: noProxy === "*" ? "*" : [noProxy, "127.0.0.1", "localhost", "[::1]", "::1"].filter(Boolean).join(","),
    connect: { timeout: 30_000, ...tls },
    requestTls: tls,
    proxyTls: tls,
    headersTimeout: 60_000,
    bodyTimeout: 60_000,
  }).compose(interceptors.redirect({ maxRedirections: 5 }));
}

function readCertificates(path: string | undefined): string[] {
  if (path === undefined || path === "") return [];
  try {
    return [readFileSync(path, "utf8")];
  } catch {
    // A stale path must not stop what works without it; where it was needed, the TLS error says so.
    return [];
  }
}
