import { type CallOptions, SandboxError, SandboxLostError } from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";

/**
 * The connection to a sandbox's supervisor, made again when the next call finds it broken. What was under way on the broken
 * one is not repeated here: only whoever knows that it is safe does that.
 */
export class SupervisorLink {
  readonly #reopen: (call: CallOptions) => Promise<SupervisorConnection>;
  #current: SupervisorConnection | undefined;
  #opening: Promise<SupervisorConnection> | undefined;
  #closed = false;

  constructor(connection: SupervisorConnection, reopen: (call: CallOptions) => Promise<SupervisorConnection>) {
    this.#reopen = reopen;
    this.#hold(connection);
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Rejects with `lost` where the connection broke and no other can be had. */
  async connection(call: CallOptions = {}): Promise<SupervisorConnection> {
    if (this.#closed) throw lost();
    if (this.#current !== undefined) return this.#current;
    this.#opening ??= this.#open(call).finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const opening = this.#opening?.then((connection) => connection.close()).catch(() => {});
    await Promise.all([this.#current?.close(), opening]);
  }

  async #open(call: CallOptions): Promise<SupervisorConnection> {
    try {
      const connection = await this.#reopen(call);
      if (this.#closed) {
        await connection.close();
        throw lost();
      }
      this.#hold(connection);
      return connection;
    } catch (error) {
      if (SandboxError.isInstance(error) && ["aborted", "authentication", "rate-limited"].includes(error.code))
        throw error;
      throw lost(error);
    }
  }

  #hold(connection: SupervisorConnection): void {
    this.#current = connection;
    void connection.closed.then(() => {
      if (this.#current === connection) this.#current = undefined;
    });
  }
}

function lost(cause?: unknown): SandboxLostError {
  return new SandboxLostError("The connection to the E2B sandbox broke, or was closed", {
    providerId: "e2b",
    ...(cause === undefined ? {} : { cause }),
  });
}
