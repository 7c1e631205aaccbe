import type { ClientRequest, IncomingMessage } from "node:http";
import type { HostEnvironment } from "@glovebox/core/host-proxy";
import { hostRequest } from "../network/host-request.ts";
import { isTrustedTransport } from "../network/is-trusted-transport.ts";
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
  if (!isTrustedTransport(url)) return undefined;
  const text = await bodyOf(
    await answerOf(await hostRequest(url, { env, signal, headers: { accept: "application/json" } })),
  );
  const manifest: unknown = text === undefined ? undefined : JSON.parse(text);
  const version = typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : "";
  return isRelease(version) ? version : undefined;
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
