import { Agent, type ClientRequest } from "node:http";
import { Agent as TlsAgent } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as tlsConnect } from "node:tls";
import type { SandboxEndpoint } from "@glovebox/core/provider";

/** Below what a way to a port carries at the same time. */
const maxSockets = 250;
const maxIdleSockets = 16;
const idleSocketMs = 4_000;

type OnCreated = (error: Error | null, socket: Duplex) => void;

/** Connections of `node:http` to a port of a sandbox, which pass through no port of this host. */
export class PortAgent extends Agent {
  readonly #endpoint: SandboxEndpoint;
  readonly #idle = new WeakMap<Duplex, NodeJS.Timeout>();

  constructor(endpoint: SandboxEndpoint, options: { readonly keepAlive: boolean }) {
    super({ ...options, maxSockets, maxFreeSockets: maxIdleSockets });
    this.#endpoint = endpoint;
  }

  override createConnection(_: unknown, onCreated: OnCreated): undefined {
    connect(this.#endpoint, (inside) => inside, onCreated);
  }

  /** Node's own asks a TCP socket of the stream. */
  override keepSocketAlive(socket: Duplex): boolean {
    this.#idle.set(socket, setTimeout(() => socket.destroy(), idleSocketMs).unref());
    return true;
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    clearTimeout(this.#idle.get(socket));
    // Node's own takes away what it has put on the socket, and then wants a TCP socket to keep the process alive.
    super.reuseSocket(Object.assign(socket, { ref: () => socket }) as Duplex as Socket, request);
  }
}

/** The same for a port that serves TLS, under a certificate of its own making. */
export class TlsPortAgent extends TlsAgent {
  readonly #endpoint: SandboxEndpoint;

  constructor(endpoint: SandboxEndpoint) {
    super({ keepAlive: false, maxSockets });
    this.#endpoint = endpoint;
  }

  override createConnection(_: unknown, onCreated: OnCreated): undefined {
    connect(this.#endpoint, (inside) => tlsConnect({ socket: inside as Socket, rejectUnauthorized: false }), onCreated);
  }
}

function connect(endpoint: SandboxEndpoint, wrap: (inside: Duplex) => Duplex, onCreated: OnCreated): void {
  endpoint.connect().then(
    (inside) => onCreated(null, wrap(inside)),
    // Node takes no stream where there is an error.
    (error: Error) => onCreated(error, undefined as unknown as Duplex),
  );
}
