import { Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import type { Sandbox, SandboxEndpoint, SandboxProcess } from "@glovebox/core/provider";
import { envdPort } from "../envd-version.ts";

/** Below what a way to a port carries at the same time. */
const maxSockets = 250;
const maxIdleSockets = 16;
const idleSocketMs = 4_000;

/** A port as the proxy reaches it. */
export interface LinkTarget {
  readonly overTls: boolean;
  readonly host: string;
  readonly port: number;
  /** What the way itself asks of every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Keeps connections to envd; to other ports every request has one of its own, which no server ends at a bad moment. */
  readonly agent: Agent;
}

/** What the gateway holds of a sandbox that runs: the provider's handle, envd, and the ways to its ports. */
export class SandboxLink {
  readonly sandbox: Sandbox;
  /** Settles when envd has ended or can no longer be seen, and when the link is closed. */
  readonly ended: Promise<void>;
  readonly #endpoints = new Map<number, Promise<SandboxEndpoint>>();
  readonly #kept = new Agent({ keepAlive: true, maxSockets, maxFreeSockets: maxIdleSockets, timeout: idleSocketMs });
  readonly #single = new Agent({ keepAlive: false, maxSockets });
  readonly #tls = new TlsAgent({ keepAlive: false, maxSockets });
  // Who serves TLS inside shows a certificate of its own making.
  readonly #unverified = new TlsAgent({ keepAlive: false, maxSockets, rejectUnauthorized: false });
  #egress: Sandbox | undefined;
  #isEnded = false;
  #closing: Promise<void> | undefined;

  constructor(sandbox: Sandbox, envd: SandboxProcess) {
    this.sandbox = sandbox;
    this.ended = envd.exit.then(() => {
      this.#isEnded = true;
    });
  }

  /** Whether it leads to envd, as far as can be seen from here. */
  get isOpen(): boolean {
    return !this.#isEnded && this.#closing === undefined;
  }

  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  /** The way to a port inside, which serves TLS or not. */
  async target(port: number, servesTls: boolean): Promise<LinkTarget> {
    const endpoint = await this.#endpoint(port);
    const url = new URL(endpoint.url);
    const overTls = servesTls || url.protocol === "https:";
    const agent = servesTls ? this.#unverified : overTls ? this.#tls : port === envdPort ? this.#kept : this.#single;
    const defaultPort = overTls ? 443 : 80;
    return { overTls, host: url.hostname, port: Number(url.port) || defaultPort, headers: endpoint.headers, agent };
  }

  #endpoint(port: number): Promise<SandboxEndpoint> {
    const known = this.#endpoints.get(port);
    if (known !== undefined) return known;
    const opening = this.sandbox.endpoint(port);
    this.#endpoints.set(port, opening);
    opening.catch(() => this.#endpoints.delete(port));
    return opening;
  }

  /** Serves the way out by another handle on the same sandbox; what passes in goes on as it was. */
  async changeEgress(handle: Sandbox): Promise<void> {
    const before = this.#egress;
    this.#egress = handle;
    await before?.close();
  }

  /** Ends everything that passes through it. The sandbox lives on. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const endpoints = await Promise.allSettled(this.#endpoints.values());
    await Promise.allSettled(
      endpoints.map((opened) => (opened.status === "fulfilled" ? opened.value.close() : undefined)),
    );
    for (const agent of [this.#kept, this.#single, this.#tls, this.#unverified]) agent.destroy();
    // It may have been closed by a pause or a removal, or be lost: there is nothing left to let go of.
    await Promise.allSettled([this.sandbox.close(), this.#egress?.close()]);
  }
}
