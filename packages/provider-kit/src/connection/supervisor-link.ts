import { type CallOptions, SandboxError, SandboxLostError } from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import { abortedError } from "../errors/throw-if-aborted.ts";
import type { ProviderIdentity } from "../provider-identity.ts";

/** A sandbox that runs answers within seconds; one that is frozen never does, and its run has to end. */
const reopenTimeoutMs = 20_000;

export interface SupervisorLinkOptions {
  readonly provider: ProviderIdentity;
  readonly connection: SupervisorConnection;
  /** Makes another connection when the current one broke. */
  readonly reopen: (call: { readonly signal: AbortSignal }) => Promise<SupervisorConnection>;
}

/**
 * The connection to a sandbox's supervisor, made again when the next call finds it broken. What was in flight on the
 * broken one is not repeated here: only the caller knows whether that is safe.
 */
export class SupervisorLink {
  readonly #options: SupervisorLinkOptions;
  readonly #closing = new AbortController();
  #current: SupervisorConnection | undefined;
  #opening: Promise<SupervisorConnection> | undefined;

  constructor(options: SupervisorLinkOptions) {
    this.#options = options;
    this.#attach(options.connection);
  }

  /** Rejects with `lost` where the connection broke and no other can be made. */
  async connection({ signal }: CallOptions = {}): Promise<SupervisorConnection> {
    if (this.#closing.signal.aborted) throw this.#lost();
    if (this.#current !== undefined) return this.#current;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#orAborted(this.#opening, signal);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const opening = this.#opening?.then((connection) => connection.close()).catch(() => {});
    await Promise.all([this.#current?.close(), opening]);
  }

  async #open(): Promise<SupervisorConnection> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(reopenTimeoutMs)]);
    try {
      const connection = await this.#options.reopen({ signal });
      if (this.#closing.signal.aborted) {
        await connection.close();
        throw this.#lost();
      }
      this.#attach(connection);
      return connection;
    } catch (error) {
      if (SandboxError.isInstance(error) && ["authentication", "rate-limited"].includes(error.code)) throw error;
      throw this.#lost(error);
    }
  }

  /** Callers share one attempt: the signal of one of them must not end it for the others. */
  async #orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (signal === undefined) return work;
    let onAbort = (): void => {};
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(abortedError(this.#options.provider, "connecting to the sandbox", signal));
      if (signal.aborted) onAbort();
      else signal.addEventListener("abort", onAbort, { once: true });
    });
    try {
      return await Promise.race([work, aborted]);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  #attach(connection: SupervisorConnection): void {
    this.#current = connection;
    void connection.closed.then(() => {
      if (this.#current === connection) this.#current = undefined;
    });
  }

  #lost(cause?: unknown): SandboxLostError {
    const { id, name } = this.#options.provider;
    return new SandboxLostError(`The connection to the ${name} sandbox broke, or was closed`, {
      providerId: id,
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
