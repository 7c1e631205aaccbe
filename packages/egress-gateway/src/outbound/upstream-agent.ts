import { Agent } from "node:http";
import type { Duplex } from "node:stream";
import type { Target } from "../policy/target.ts";

/** Keeps connections for the next request to the same target, for a few seconds. Opens them with a function of the caller's. */
export class UpstreamAgent extends Agent {
  readonly #connect: (target: Target) => Promise<Duplex>;

  constructor(connect: (target: Target) => Promise<Duplex>) {
    super({ keepAlive: true, timeout: 4000, maxFreeSockets: 32 });
    this.#connect = connect;
  }

  override createConnection(
    options: { host?: string | null | undefined; port?: number | string | null | undefined },
    done?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const connected = this.#connect({ host: options.host ?? "", port: Number(options.port) });
    connected.then(
      (socket) => done?.(null, socket),
      // Node reads only the error; its type asks for a stream as well.
      (error: Error) => (done as ((error: Error) => void) | undefined)?.(error),
    );
    return undefined;
  }
}
