import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { EgressRefusal } from "../egress-refusal.ts";
import { redactStream } from "../redact-stream.ts";
import { splice } from "../tunnel/splice.ts";
import { type ForwardContext, type ForwardJob, upstreamRequest } from "./forward.ts";
import { credentialValue, headersBack } from "./proxy-headers.ts";

/** The host answered a WebSocket's opening with something else, which is passed on as an answer. */
export type UpgradeRefused = (answer: IncomingMessage) => Promise<number>;

/**
 * Opens a WebSocket to the host and joins both sides until they have ended. Resolves with the status that the sandbox
 * saw; a host that does not change the protocol has its answer passed on by `refused`.
 */
export async function forwardUpgrade(
  request: IncomingMessage,
  inside: Duplex,
  job: ForwardJob,
  context: ForwardContext,
  refused: UpgradeRefused,
): Promise<{ readonly status: number; readonly reason?: string }> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  const late = setTimeout(end, context.idleTimeoutMs);
  inside.once("close", end);
  context.signal.addEventListener("abort", end, { once: true });
  const upstream = upstreamRequest(request, job, stop.signal, ["connection", "Upgrade", "upgrade", "websocket"]);
  const answered = new Promise<[IncomingMessage, Duplex | undefined, Buffer]>((resolve, reject) => {
    upstream.once("upgrade", (answer, socket, head) => resolve([answer, socket, head]));
    upstream.once("response", (answer) => resolve([answer, undefined, Buffer.alloc(0)]));
    upstream.once("error", reject);
  });
  upstream.on("error", () => {});
  upstream.end();
  const [answer, outside, head] = await answered.finally(() => {
    clearTimeout(late);
    inside.off("close", end);
    context.signal.removeEventListener("abort", end);
  });
  if (outside === undefined) return { status: await refused(answer) };
  if (answer.headers.upgrade?.toLowerCase() !== "websocket") {
    outside.destroy();
    throw new EgressRefusal("failed", 502, "the host changed to a protocol that was not asked for");
  }
  if (head.length > 0) outside.unshift(head);
  const headers = [...headersBack(answer.rawHeaders, job.credential), "connection", "Upgrade", "upgrade", "websocket"];
  const lines = headers.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`));
  inside.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("")}\r\n`);
  const secrets = job.credential === undefined ? [] : credentialValue(job.credential).secrets;
  const reason = await splice(inside, outside, { ...context, back: secrets.map(redactStream) });
  return { status: 101, ...(reason === undefined ? {} : { reason }) };
}
