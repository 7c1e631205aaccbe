import { type ClientRequest, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { type HostProxy, proxyRefusal } from "@glovebox/core/host-proxy";
import { hostAndPort } from "@glovebox/core/network";
import type { CredentialRule } from "@glovebox/core/provider";
import { EgressRefusal } from "../egress-refusal.ts";
import type { UpstreamAgent } from "../outbound/upstream-agent.ts";
import type { Target } from "../policy/target.ts";
import { hasBody, waitsToSend } from "../request-body.ts";
import { upstreamFailure } from "../upstream-failure.ts";
import { countBytes, passAnswer } from "./pass-answer.ts";
import { headersOut } from "./proxy-headers.ts";

/** A request that the rules allow. */
export interface ForwardJob {
  readonly target: Target;
  /** The path and the query as they came; the whole address where the request goes to a proxy of the host's own. */
  readonly path: string;
  /** That proxy. */
  readonly proxy: HostProxy | undefined;
  /** As the host is to see it: with the port unless it is the scheme's own. */
  readonly hostHeader: string;
  readonly credential: CredentialRule | undefined;
  readonly agent: UpstreamAgent;
}

export interface ForwardContext {
  readonly idleTimeoutMs: number;
  /** Ends the request from outside. */
  readonly signal: AbortSignal;
  /** Called for each chunk of the bodies: what went out, what came in. */
  readonly onOut: (bytes: number) => void;
  readonly onIn: (bytes: number) => void;
}

/**
 * Carries one request out and its answer back, chunk by chunk; an abort on one side ends the other. Resolves with the
 * answer's status; rejects with an EgressRefusal, after which the response may have begun.
 */
export async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  job: ForwardJob,
  context: ForwardContext,
): Promise<number> {
  const stop = new AbortController();
  // Why it was ended on purpose: as opposed to what the network did.
  let ended: EgressRefusal | undefined;
  const end = (refusal: EgressRefusal): void => {
    ended ??= refusal;
    stop.abort();
  };
  const idle = setTimeout(
    () => end(new EgressRefusal("failed", 504, "idle timeout: no data in either direction")),
    context.idleTimeoutMs,
  );
  const closed = (): void => {
    if (!response.writableFinished) end(new EgressRefusal("failed", 499, "the sandbox closed the connection"));
  };
  const stopped = (): void => end(new EgressRefusal("failed", 503, "the gateway is closing"));
  const moving = (count: (bytes: number) => void) => (bytes: number) => {
    idle.refresh();
    count(bytes);
  };
  response.once("close", closed);
  context.signal.addEventListener("abort", stopped, { once: true });
  let upstream: ClientRequest | undefined;
  try {
    const [sent, answer] = await send(request, response, job, moving(context.onOut), stop.signal);
    upstream = sent;
    idle.refresh();
    answer.once("error", () => end(new EgressRefusal("failed", 502, "the host broke off its answer")));
    if (answer.statusCode === 407 && job.proxy !== undefined) {
      // It is about the host's own password, which nobody inside could give.
      answer.resume();
      throw new EgressRefusal("failed", 502, proxyRefusal(job.proxy, job.hostHeader, 407).message);
    }
    return await passAnswer(answer, response, job.credential, moving(context.onIn));
  } catch (error) {
    throw ended ?? (error instanceof EgressRefusal ? error : failure(error, job.target));
  } finally {
    clearTimeout(idle);
    response.off("close", closed);
    context.signal.removeEventListener("abort", stopped);
    // A host may respond before it has read everything; the rest is discarded.
    if (upstream?.writableFinished === false) upstream.destroy();
    request.resume();
  }
}

/** Sends the request; resolves with its answer's head. */
async function send(
  request: IncomingMessage,
  response: ServerResponse,
  job: ForwardJob,
  onOut: (bytes: number) => void,
  signal: AbortSignal,
): Promise<[ClientRequest, IncomingMessage]> {
  const body = hasBody(request);
  // What may have had an effect is never sent twice.
  const repeatable = !body && /^(GET|HEAD|OPTIONS)$/.test(request.method ?? "");
  for (let again = repeatable; ; again = false) {
    const upstream = upstreamRequest(request, job, signal);
    try {
      const answered = new Promise<IncomingMessage>((resolve, reject) => {
        upstream.once("response", resolve).once("error", reject);
        // A host must not change the protocol by itself; the response cannot be forwarded.
        upstream.once("upgrade", (_answer, socket) => {
          socket.destroy();
          reject(new EgressRefusal("failed", 502, "the host changed the protocol without a request"));
        });
      });
      upstream.on("error", () => {});
      if (body && waitsToSend(request)) response.writeContinue();
      if (body) request.pipe(countBytes(onOut)).pipe(upstream);
      else upstream.end();
      return [upstream, await answered];
    } catch (error) {
      // The host closed a kept connection at the moment it was used again.
      if (!(again && upstream.reusedSocket) || (error as NodeJS.ErrnoException).code !== "ECONNRESET") throw error;
    }
  }
}

/** The request as the host sees it; whoever gets it ends it. */
export function upstreamRequest(
  request: IncomingMessage,
  job: ForwardJob,
  signal: AbortSignal,
  extraHeaders: readonly string[] = [],
): ClientRequest {
  return httpRequest({
    agent: job.agent,
    host: job.target.host,
    port: job.target.port,
    method: request.method ?? "GET",
    path: job.path,
    headers: [
      ...headersOut(request.rawHeaders, job.hostHeader, job.credential),
      ...(job.proxy?.authorization === undefined ? [] : ["proxy-authorization", job.proxy.authorization]),
      ...extraHeaders,
    ],
    maxHeaderSize: 64 * 1024,
    signal,
  });
}

function failure(error: unknown, { host, port }: Target): EgressRefusal {
  return new EgressRefusal("failed", 502, upstreamFailure(error, hostAndPort(host, port)).message);
}
