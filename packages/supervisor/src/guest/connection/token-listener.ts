import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type Socket } from "node:net";
import type { OwnProcesses } from "../processes/own-processes.ts";
import { abstractSocketName } from "./abstract-socket-name.ts";

const tokenTimeoutMs = 2_000;
/** With more than these the one that has waited longest goes: a bridge sends its line at once. More than a queue holds. */
const maxWaiting = 1024;
const maxLineBytes = 512;

export interface TokenListenerOptions {
  readonly token: string;
  readonly ownProcesses: OwnProcesses;
  readonly onConnection: (socket: Socket) => void;
}

/** Listens for bridges. One begins with its pid and the host's token in a line; everyone else is dropped without a word. */
export class TokenListener {
  readonly #options: TokenListenerOptions;
  readonly #digest: Buffer;
  readonly #waiting = new Set<Socket>();

  constructor(options: TokenListenerOptions) {
    this.#options = options;
    this.#digest = digest(options.token);
  }

  /** Resolves when it listens. Rejects where the name is taken. */
  listen(): Promise<void> {
    const server = createServer((socket) => this.#accept(socket));
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(abstractSocketName, () => {
        server.off("error", reject).on("error", (error) => console.error("glovebox-supervisor:", error));
        resolve();
      });
    });
  }

  #accept(socket: Socket): void {
    socket.on("error", () => {});
    this.#waiting.add(socket);
    this.#dropOldest();
    const timer = setTimeout(() => socket.destroy(), tokenTimeoutMs);
    let seen: Buffer = Buffer.alloc(0);
    const stopWaiting = (): void => {
      clearTimeout(timer);
      this.#waiting.delete(socket);
      socket.off("data", onData).off("close", stopWaiting);
    };
    const onData = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk]);
      const end = seen.indexOf("\n");
      if (end < 0 && seen.length <= maxLineBytes) return;
      stopWaiting();
      socket.pause();
      const bridge = this.#bridgeOf(seen.toString("latin1", 0, Math.max(0, end)));
      if (bridge === undefined) return void socket.destroy();
      if (end + 1 < seen.length) socket.unshift(seen.subarray(end + 1));
      socket.once("close", this.#options.ownProcesses.addBridge(bridge));
      this.#options.onConnection(socket);
    };
    socket.on("data", onData).once("close", stopWaiting);
  }

  #dropOldest(): void {
    if (this.#waiting.size <= maxWaiting) return;
    const [oldest] = this.#waiting;
    if (oldest === undefined) return;
    this.#waiting.delete(oldest);
    oldest.destroy();
  }

  /** The pid that a bridge says it has; undefined without the token. */
  #bridgeOf(line: string): number | undefined {
    const [, pid, token = ""] = /^(\d{1,10}) (.*)$/.exec(line) ?? [];
    return timingSafeEqual(digest(token), this.#digest) ? Number(pid) : undefined;
  }
}

/** Makes both values the same length, which timingSafeEqual requires. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text, "latin1").digest();
}
