import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { EgressObserver } from "@glovebox/core/provider";
import { EgressRefusal } from "../egress-refusal.ts";
import type { Dialer } from "../outbound/dialer.ts";
import { UpstreamAgent } from "../outbound/upstream-agent.ts";
import type { HostRules } from "../policy/host-rules.ts";
import type { CertificateAuthority } from "../tls/certificate-authority.ts";
import { admitRequest } from "./admit-request.ts";
import { AuditEntry } from "./audit-entry.ts";
import { type ForwardContext, type ForwardJob, forward } from "./forward.ts";
import { forwardUpgrade } from "./forward-upgrade.ts";
import { openTunnel } from "./open-tunnel.ts";
import { parseAuthority } from "./proxy-target.ts";
import type { InnerTarget } from "./read-request.ts";
import { rawRefusal, sendRefusal } from "./refusal-text.ts";

export interface ProxyDoorOptions {
  readonly rules: HostRules;
  readonly dialer: Dialer;
  readonly authority: CertificateAuthority | undefined;
  readonly observer: EgressObserver | undefined;
  readonly idleTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly signal: AbortSignal;
  readonly onTraffic: () => void;
  /** Waited for before a refusal is answered. */
  readonly turn: () => Promise<void>;
  /** Serves HTTP on a tunnel that ends here; what is asked for on it goes to the target alone. */
  readonly serveInside: (socket: Duplex, target: InnerTarget) => void;
}

/** The forward proxy: plain requests, WebSockets and tunnels, each decided, carried and written down. */
export interface ProxyDoor {
  /** `inner` is where the connection's tunnel goes; `busy` says that too many requests are in flight for another one. */
  request(
    request: IncomingMessage,
    response: ServerResponse,
    inner: InnerTarget | undefined,
    busy: boolean,
  ): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, inner: InnerTarget | undefined): Promise<void>;
  connect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Ends the connections that are kept for later requests. */
  close(): void;
}

export function createProxyDoor(options: ProxyDoorOptions): ProxyDoor {
  const { rules, dialer, observer, idleTimeoutMs, signal, onTraffic, turn } = options;
  const plain = new UpstreamAgent(dialer.plain);
  const secure = new UpstreamAgent(dialer.secure);

  const counted = (entry: AuditEntry): ForwardContext => ({
    idleTimeoutMs,
    signal,
    onOut: (bytes) => {
      entry.requestBytes += bytes;
      onTraffic();
    },
    onIn: (bytes) => {
      entry.responseBytes += bytes;
      onTraffic();
    },
  });

  /** What is to be done for a request, or an EgressRefusal. */
  const admit = (request: IncomingMessage, inner: InnerTarget | undefined, entry: AuditEntry): ForwardJob => {
    const { path, secure: overTls, hostHeader, credential } = admitRequest(request, inner, rules, entry);
    const job = { target: entry.target, hostHeader, credential };
    if (overTls) return { ...job, path, agent: secure, proxyHeaders: undefined };
    const proxyHeaders = dialer.plainProxy(entry.target);
    return {
      ...job,
      path: proxyHeaders === undefined ? path : `http://${hostHeader}${path}`,
      agent: plain,
      proxyHeaders,
    };
  };

  const connectTunnel = async (
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    entry: AuditEntry,
  ): Promise<void> => {
    const target = parseAuthority(request.url ?? "");
    if (target === undefined) throw new EgressRefusal("denied", 400, "the tunnel's target is not host:port");
    entry.target = target;
    const decision = rules.decide(target);
    entry.rule = decision.rule;
    if (!decision.allowed) throw new EgressRefusal("denied", 403, decision.reason, decision.hint);
    if (head.length > 0) socket.unshift(head);
    const joined = await openTunnel(socket, target, decision, { ...options, ...counted(entry) });
    if (joined) entry.allowed(200);
  };

  return {
    request: async (request, response, inner, busy) => {
      const entry = new AuditEntry(observer, request.method ?? "");
      try {
        const job = admit(request, inner, entry);
        if (busy) throw new EgressRefusal("denied", 429, "too many requests at once");
        entry.allowed(await forward(request, response, job, counted(entry)));
      } catch (error) {
        const refusal = asRefusal(error);
        await turn();
        if (response.headersSent) {
          // What was cut outside is cut inside: a clean end would turn half an answer into a whole one.
          response.destroy();
          return entry.refused(refusal, response.statusCode);
        }
        if (!response.destroyed) entry.responseBytes += sendRefusal(response, refusal);
        request.resume();
        entry.refused(refusal);
      }
    },
    upgrade: async (request, socket, head, inner) => {
      const entry = new AuditEntry(observer, request.method ?? "");
      try {
        const job = admit(request, inner, entry);
        if (head.length > 0) socket.unshift(head);
        const { status, reason } = await forwardUpgrade(request, socket, job, counted(entry));
        if (reason === undefined) entry.allowed(status);
        else entry.refused(new EgressRefusal("failed", status, reason));
      } catch (error) {
        const refusal = asRefusal(error);
        await turn();
        endRaw(socket, refusal);
        entry.refused(refusal);
      }
    },
    connect: async (request, socket, head) => {
      const entry = new AuditEntry(observer, "CONNECT");
      try {
        await connectTunnel(request, socket, head, entry);
      } catch (error) {
        const refusal = asRefusal(error);
        await turn();
        // 200 was answered already: whoever refused after that has ended the stream in its own way.
        if (refusal.status === 200) socket.destroy();
        else endRaw(socket, refusal);
        entry.refused(refusal);
      }
    },
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

function endRaw(socket: Duplex, refusal: EgressRefusal): void {
  if (!socket.writable) return void socket.destroy();
  // What is still on its way in is read away, so that the sender gets to see the answer.
  socket.resume();
  socket.end(rawRefusal(refusal));
}

function asRefusal(error: unknown): EgressRefusal {
  if (error instanceof EgressRefusal) return error;
  // The words of a lower layer are not for the sandbox: they may hold what it must not know.
  const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
  return new EgressRefusal("failed", 502, `the connection failed (${code})`);
}
