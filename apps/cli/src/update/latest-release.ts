import type { ClientRequest, IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import { type HostEnvironment, hostProxyForUrl, openProxyTunnel, targetOf } from "@glovebox/core/host-proxy";
import { isRelease } from "./is-release.ts";

const defaultRegistry = "https://registry.npmjs.org/";
/** A manifest has a few thousand bytes. */
const maxBytes = 256 * 1024;

/**
 * Asks the npm registry for the newest release of a package, through the host's proxy. `NPM_CONFIG_REGISTRY` names another
 * registry; in lower case a project could have set it. Resolves to `undefined` for an answer of another form, rejects where
 * there is none.
 */
export async function latestRelease(
  packageName: string,
  { env, signal }: { readonly env: HostEnvironment; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const registry = env.NPM_CONFIG_REGISTRY || defaultRegistry;
  const url = new URL(`${packageName}/latest`, registry.endsWith("/") ? registry : `${registry}/`);
  const isOwn = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isOwn)) return undefined;
  const text = await bodyOf(await answerOf(await send(url, env, signal)));
  const manifest: unknown = text === undefined ? undefined : JSON.parse(text);
  const version = typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : "";
  return isRelease(version) ? version : undefined;
}

async function send(url: URL, env: HostEnvironment, signal: AbortSignal): Promise<ClientRequest> {
  const isSecure = url.protocol === "https:";
  const { request } = await import(isSecure ? "node:https" : "node:http");
  const proxy = hostProxyForUrl(url, env);
  const tunnel = proxy && (await openProxyTunnel(proxy, targetOf(url), { signal }));
  const servername = isIP(url.hostname) === 0 ? { servername: url.hostname } : {};
  return request(url, {
    signal,
    agent: false,
    // Nothing else about this machine or its use is sent.
    headers: { accept: "application/json", "user-agent": "glovebox" },
    ...(tunnel && { createConnection: () => (isSecure ? connectTls({ socket: tunnel, ...servername }) : tunnel) }),
  });
}

function answerOf(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once("response", resolve);
    sent.on("error", reject);
    sent.end();
  });
}

/** A redirect is not followed. */
async function bodyOf(answer: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    if (answer.statusCode !== 200) return undefined;
    for await (const piece of answer as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > maxBytes) return undefined;
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString("utf8");
  } finally {
    answer.destroy();
  }
}
