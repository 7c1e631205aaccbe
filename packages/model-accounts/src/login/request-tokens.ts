import { rootCertificates } from "node:tls";
import { hostCertificates } from "@glovebox/core/host-certificates";
import { hostConnector } from "@glovebox/core/host-proxy";
import { SandboxError, SandboxUnavailableError } from "@glovebox/core/provider";
import { Agent, buildConnector, request } from "undici";
import { z } from "zod";
import type { HostVariables } from "../host-variables.ts";
import type { TokenReply } from "./login-format.ts";

const timeoutMs = 30_000;
const mostBytes = 256 * 1024;

const replySchema = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  id_token: z.string().min(1).optional(),
  expires_in: z.number().positive().optional(),
  scope: z.string().optional(),
});

/**
 * Asks a token endpoint for new tokens. `undefined` when it refuses the refresh token permanently. Throws `unavailable` for every
 * other failure; no message holds anything that was sent or answered.
 */
export async function requestTokens(
  url: string,
  body: Readonly<Record<string, string>>,
  { name, env }: { readonly name: string; readonly env: HostVariables },
): Promise<TokenReply | undefined> {
  const found = hostCertificates(env);
  const ca = found === undefined ? undefined : [...rootCertificates, found.extra];
  const direct = buildConnector({ timeout: timeoutMs, ...(ca && { ca }) });
  const dispatcher = new Agent({ connect: hostConnector(direct, { env, ca }) });
  try {
    const answer = await request(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(body),
      dispatcher,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await readText(answer.body);
    if (answer.statusCode === 400 || answer.statusCode === 401) return undefined;
    const reply = answer.statusCode === 200 ? replySchema.safeParse(parse(text)) : undefined;
    if (reply?.success) return reply.data;
    throw new SandboxUnavailableError(`${new URL(url).host} did not renew ${name}: HTTP ${answer.statusCode}`);
  } catch (error) {
    if (SandboxError.isInstance(error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new SandboxUnavailableError(
      `${new URL(url).host} did not renew ${name}: ${typeof code === "string" ? code : "no answer"}`,
    );
  } finally {
    await dispatcher.destroy();
  }
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error("the answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
