import { type IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { EgressRefusal } from "../egress-refusal.ts";
import { pipeBoth } from "../tunnel/pipe-both.ts";
import { type ForwardContext, type ForwardJob, upstreamRequest } from "./forward.ts";
import { passAnswer, redactStreams } from "./pass-answer.ts";
import { headersBack } from "./proxy-headers.ts";

/**
 * Opens a WebSocket to the host and joins both sides until they have ended. Resolves with the status that the sandbox
 * saw; a host that does not change the protocol has its answer passed on.
 */
export async function forwardUpgrade(
  request: IncomingMessage,
  inside: Duplex,
  job: ForwardJob,
  context: ForwardContext,
): Promise<{ readonly status: number; readonly reason?: string }> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  const timer = setTimeout(end, context.idleTimeoutMs);
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
    clearTimeout(timer);
    inside.off("close", end);
    context.signal.removeEventListener("abort", end);
  });
  if (outside === undefined) return { status: await passRefusal(request, inside, answer, job, context) };
  if (answer.headers.upgrade?.toLowerCase() !== "websocket") {
    outside.destroy();
    throw new EgressRefusal("failed", 502, "the host changed to a protocol that was not requested");
  }
  if (head.length > 0) outside.unshift(head);
  const headers = [...headersBack(answer.rawHeaders, job.credential), "connection", "Upgrade", "upgrade", "websocket"];
  const lines = headers.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`));
  inside.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("")}\r\n`);
  const reason = await pipeBoth(inside, outside, { ...context, back: redactStreams(job.credential) });
  return { status: 101, ...(reason === undefined ? {} : { reason }) };
}

/** Passes on what a host answered instead of changing the protocol. */
async function passRefusal(
  request: IncomingMessage,
  inside: Duplex,
  answer: IncomingMessage,
  job: ForwardJob,
  context: ForwardContext,
): Promise<number> {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(inside as Parameters<ServerResponse["assignSocket"]>[0]);
  const idle = setTimeout(() => inside.destroy(), context.idleTimeoutMs);
  try {
    return await passAnswer(answer, response, job.credential, (bytes) => {
      idle.refresh();
      context.onIn(bytes);
    });
  } catch (error) {
    // What was cut outside is cut inside.
    inside.destroy();
    throw error;
  } finally {
    clearTimeout(idle);
    inside.end();
  }
}
