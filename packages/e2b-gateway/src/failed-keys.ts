import type { IncomingMessage } from "node:http";
import { safeName } from "@glovebox/core/text";
import type { GatewayLogger } from "./gateway-logger.ts";

/** What a request lacked: nothing was sent, or what was sent is wrong. */
export type KeyFailure = "missing" | "wrong";

const intervalMs = 10_000;
const mostAddresses = 10;
const longestPath = 200;

interface Request extends Pick<IncomingMessage, "method" | "url"> {
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * Tells the log of requests without a valid key or token: the first at once, what follows within ten seconds in one line with
 * their number. So whoever guesses is seen and cannot fill the log. Never says what was sent.
 */
export class FailedKeys {
  readonly #logger: GatewayLogger;
  #timer: NodeJS.Timeout | undefined;
  #counts = { missing: 0, wrong: 0 };
  readonly #addresses = new Set<string>();

  constructor(logger: GatewayLogger) {
    this.#logger = logger;
  }

  add(failure: KeyFailure, { method, url = "/", socket }: Request): void {
    const address = socket.remoteAddress ?? "unknown";
    if (this.#timer !== undefined) {
      this.#counts[failure] += 1;
      if (this.#addresses.size < mostAddresses) this.#addresses.add(address);
      return;
    }
    // A query may hold a signature or a token.
    const path = safeName(url.split(/[?#]/, 1)[0] ?? "", longestPath);
    this.#logger.warn({ address, method, path, key: failure }, "A request without a valid key was refused");
    this.#timer = setTimeout(() => this.#logRest(), intervalMs).unref();
  }

  /** Logs the requests that were counted and not logged yet. */
  close(): void {
    this.#logRest();
  }

  #logRest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { missing, wrong } = this.#counts;
    if (missing + wrong === 0) return;
    const facts = { missing, wrong, addresses: [...this.#addresses], seconds: intervalMs / 1000 };
    this.#counts = { missing: 0, wrong: 0 };
    this.#addresses.clear();
    this.#logger.warn(facts, "More requests without a valid key were refused");
  }
}
