import type { Agent } from "node:http";
import type { Sandbox, SandboxEndpoint, SandboxProcess } from "@glovebox/core/provider";
import { envdPort } from "../../envd-version.ts";
import { PortAgent, TlsPortAgent } from "../envd/port-agent.ts";

/** A port as the proxy reaches it. */
export interface LinkTarget {
  readonly overTls: boolean;
  /** Keeps connections to envd; to other ports every request has one of its own, which no server ends at a bad moment. */
  readonly agent: Agent;
  /** Keeps none. */
  readonly upgradeAgent: Agent;
}

/** A port's endpoint, and the connections through it. */
interface Port {
  readonly endpoint: SandboxEndpoint;
  readonly kept: PortAgent;
  readonly single: PortAgent;
  readonly tls: TlsPortAgent;
}

/** What the gateway holds of a sandbox that runs: the provider's handle, envd, and the ways to its ports. */
export class SandboxLink {
  readonly sandbox: Sandbox;
  /** Settles when envd has ended or can no longer be seen, and when the link is closed. */
  readonly ended: Promise<void>;
  readonly #ports = new Map<number, Promise<Port>>();
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
    const { kept, single, tls } = await this.#port(port);
    const upgradeAgent = servesTls ? tls : single;
    return { overTls: servesTls, agent: port === envdPort && !servesTls ? kept : upgradeAgent, upgradeAgent };
  }

  #port(port: number): Promise<Port> {
    const known = this.#ports.get(port);
    if (known !== undefined) return known;
    const opening = this.sandbox.endpoint(port).then((endpoint) => ({
      endpoint,
      kept: new PortAgent(endpoint, { keepAlive: true }),
      single: new PortAgent(endpoint, { keepAlive: false }),
      tls: new TlsPortAgent(endpoint),
    }));
    this.#ports.set(port, opening);
    opening.catch(() => this.#ports.delete(port));
    return opening;
  }

  /** Serves egress through another handle on the same sandbox; ingress stays as it is. */
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
    const ports = await Promise.allSettled(this.#ports.values());
    await Promise.allSettled(
      ports.map(async (opened) => {
        if (opened.status === "rejected") return;
        const { endpoint, kept, single, tls } = opened.value;
        await endpoint.close();
        for (const agent of [kept, single, tls]) agent.destroy();
      }),
    );
    // It may have been closed by a pause or a removal, or be lost: there is nothing left to close.
    await Promise.allSettled([this.sandbox.close(), this.#egress?.close()]);
  }
}
