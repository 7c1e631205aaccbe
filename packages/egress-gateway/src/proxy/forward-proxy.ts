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

export interface ForwardProxyOptions {
  readonly rules: HostRules;
  readonly dialer: Dialer;
  readonly authority: CertificateAuthority | undefined;
  readonly observer: EgressObserver | undefined;
  readonly idleTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly signal: AbortSignal;
  readonly onTraffic: () => void;
  /** Awaited before a refusal is sent. */
  readonly rateLimit: () => Promise<void>;
  /** Serves HTTP in a tunnel that ends at the gateway; requests in it may go to the target alone. */
  readonly serveInside: (socket: Duplex, target: InnerTarget) => void;
}

/** The forward proxy: plain requests, WebSockets and tunnels, each decided, forwarded and audited. */
export class ForwardProxy {
  readonly #options: ForwardProxyOptions;
  readonly #plain: UpstreamAgent;
  readonly #secure: UpstreamAgent;

  constructor(options: ForwardProxyOptions) {
    this.#options = options;
    this.#plain = new UpstreamAgent((target) => options.dialer.plain(target));
    this.#secure = new UpstreamAgent((target) => options.dialer.secure(target));
  }

  /** `inner` is where the connection's tunnel leads; `isBusy`: too many requests are in flight to accept another one. */
  async request(
    request: IncomingMessage,
    response: ServerResponse,
    inner: InnerTarget | undefined,
    isBusy: boolean,
  ): Promise<void> {
    const entry = new AuditEntry(this.#options.observer, request.method ?? "");
    try {
      const job = this.#admit(request, inner, entry);
      if (isBusy) throw new EgressRefusal("denied", 429, "too many requests at once");
      entry.allowed(await forward(request, response, job, this.#counted(entry)));
    } catch (error) {
      const refusal = asRefusal(error);
      await this.#options.rateLimit();
      if (response.headersSent) {
        // What was cut outside is cut inside: a clean end would turn half a response into a whole one.
        response.destroy();
        return entry.refused(refusal, response.statusCode);
      }
      if (!response.destroyed) entry.responseBytes += sendRefusal(response, refusal);
      request.resume();
      entry.refused(refusal);
    }
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, inner: InnerTarget | undefined): Promise<void> {
    const entry = new AuditEntry(this.#options.observer, request.method ?? "");
    try {
      const job = this.#admit(request, inner, entry);
      if (head.length > 0) socket.unshift(head);
      const { status, reason } = await forwardUpgrade(request, socket, job, this.#counted(entry));
      if (reason === undefined) entry.allowed(status);
      else entry.refused(new EgressRefusal("failed", status, reason));
    } catch (error) {
      const refusal = asRefusal(error);
      await this.#options.rateLimit();
      endRaw(socket, refusal);
      entry.refused(refusal);
    }
  }

  async connect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const entry = new AuditEntry(this.#options.observer, "CONNECT");
    try {
      await this.#openTunnel(request, socket, head, entry);
    } catch (error) {
      const refusal = asRefusal(error);
      await this.#options.rateLimit();
      // The client already has a 200: whatever refused after that has ended the stream in its own way.
      if (refusal.status === 200) socket.destroy();
      else endRaw(socket, refusal);
      entry.refused(refusal);
    }
  }

  /** Ends the connections that are kept for later requests. */
  close(): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }

  /** Decides on a request. Throws an EgressRefusal. */
  #admit(request: IncomingMessage, inner: InnerTarget | undefined, entry: AuditEntry): ForwardJob {
    const { rules, dialer } = this.#options;
    const { path, secure, hostHeader, credential } = admitRequest(request, inner, rules, entry);
    const job = { target: entry.target, hostHeader, credential };
    if (secure) return { ...job, path, agent: this.#secure, proxy: undefined };
    const proxy = dialer.plainProxy(entry.target);
    return { ...job, path: proxy === undefined ? path : `http://${hostHeader}${path}`, agent: this.#plain, proxy };
  }

  async #openTunnel(request: IncomingMessage, socket: Duplex, head: Buffer, entry: AuditEntry): Promise<void> {
    const target = parseAuthority(request.url ?? "");
    if (target === undefined) throw new EgressRefusal("denied", 400, "the tunnel's target is not host:port");
    entry.target = target;
    const decision = this.#options.rules.decide(target);
    entry.rule = decision.rule;
    if (!decision.allowed) throw new EgressRefusal("denied", 403, decision.reason, decision.advice);
    if (head.length > 0) socket.unshift(head);
    const joined = await openTunnel(socket, target, decision, { ...this.#options, ...this.#counted(entry) });
    if (joined) entry.allowed(200);
  }

  #counted(entry: AuditEntry): ForwardContext {
    const { idleTimeoutMs, signal, onTraffic } = this.#options;
    return {
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
    };
  }
}

function endRaw(socket: Duplex, refusal: EgressRefusal): void {
  if (!socket.writable) return void socket.destroy();
  // What is still on its way in is read and discarded, so that the sender gets to see the response.
  socket.resume();
  socket.end(rawRefusal(refusal));
}

function asRefusal(error: unknown): EgressRefusal {
  if (error instanceof EgressRefusal) return error;
  // A lower layer's message must not reach the sandbox: it may hold secrets.
  const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
  return new EgressRefusal("failed", 502, `the connection failed (${code})`);
}
