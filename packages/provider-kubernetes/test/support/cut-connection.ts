import type { Socket } from "node:net";

/**
 * How a connection is cut: both ways at once, by an end in both directions, or so that for a moment only one direction
 * passes, or none. The last three end with a cut.
 */
export type CutKind = "reset" | "end" | "from-server" | "to-server" | "silence";

export interface Cut {
  readonly kind: CutKind;
  /** After this number of bytes in both directions, from the first of the request for the stream on. */
  readonly afterBytes: number;
  /** After this time, where it comes first, from when the stream is in use: its first {@link useBytes} have passed. */
  readonly afterMs: number;
}

/** A cut, and how many bytes had passed by then. */
export interface DoneCut extends Cut {
  readonly passed: number;
}

/** Who decides about cuts and counts them. */
export interface CutPlanner {
  readonly plan: (path: string) => Cut | undefined;
  readonly cuts: DoneCut[];
  streams: number;
}

const lingerMs = 400;
/** By then the upgrade, the greeting and the answer to a first request have passed. */
const useBytes = 4096;

/** One connection, which is cut once its stream is asked for and its plan comes due. */
export class CutConnection {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #api: CutPlanner;
  readonly #blocked = new Set<Socket>();
  #cut: Cut | undefined;
  #isCut = false;
  #timer: NodeJS.Timeout | undefined;
  #passed = 0;

  constructor(client: Socket, server: Socket, api: CutPlanner) {
    this.#client = client;
    this.#server = server;
    this.#api = api;
    client.on("data", (piece) => {
      if (this.#cut === undefined) this.#look(piece);
      this.#pass(client, server, piece);
    });
    server.on("data", (piece) => this.#pass(server, client, piece));
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      to.on("drain", () => this.#blocked.has(from) || from.resume());
      from.on("end", () => this.#blocked.has(from) || to.end());
    }
  }

  #look(piece: Buffer): void {
    const path = /^GET (\S+\/exec\?\S*) HTTP/.exec(piece.toString("latin1"))?.[1];
    if (path === undefined) return;
    this.#api.streams += 1;
    this.#cut = this.#api.plan(path);
  }

  #startTimer({ afterMs }: Cut): void {
    this.#timer = setTimeout(() => this.#strike(), afterMs);
    this.#client.once("close", () => clearTimeout(this.#timer));
  }

  #pass(from: Socket, to: Socket, piece: Buffer): void {
    if (this.#blocked.has(from)) return;
    const left = this.#cut === undefined || this.#isCut ? piece.length : this.#cut.afterBytes - this.#passed;
    const passed = piece.subarray(0, Math.max(0, left));
    this.#passed += passed.length;
    if (this.#cut !== undefined && this.#timer === undefined && this.#passed >= useBytes) this.#startTimer(this.#cut);
    if (!to.write(passed)) from.pause();
    if (passed.length === piece.length) return;
    this.#strike();
    // Where this direction still passes, nothing of it may be missing: a connection loses only its end.
    if (!this.#blocked.has(from) && !to.destroyed) to.write(piece.subarray(passed.length));
  }

  #strike(): void {
    if (this.#cut === undefined || this.#isCut) return;
    this.#isCut = true;
    this.#api.cuts.push({ ...this.#cut, passed: this.#passed });
    const [client, server] = [this.#client, this.#server];
    const { kind } = this.#cut;
    if (kind === "reset") {
      client.resetAndDestroy();
      server.destroy();
      return;
    }
    if (kind !== "to-server") this.#block(server);
    if (kind !== "from-server") this.#block(client);
    if (kind === "end") for (const socket of [client, server]) socket.end();
    setTimeout(() => client.destroy(), lingerMs);
  }

  #block(socket: Socket): void {
    this.#blocked.add(socket);
    socket.pause();
  }
}
