import type { CallOptions, SandboxError } from "@glovebox/core/provider";
import { mapFailure } from "./errors/map-failure.ts";
import { throwIfAborted } from "./errors/throw-if-aborted.ts";
import type { ProviderIdentity } from "./provider-identity.ts";

/** Runs the provider's own functions, so that only `SandboxError`s leave them and no aborted call begins. */
export class VendorCalls {
  readonly #provider: ProviderIdentity;
  readonly #mapError: ((error: unknown, operation: string) => SandboxError | undefined) | undefined;

  constructor(
    provider: ProviderIdentity,
    mapError: ((error: unknown, operation: string) => SandboxError | undefined) | undefined,
  ) {
    this.#provider = provider;
    this.#mapError = mapError;
  }

  /** `operation` completes "Aborted while …" and "… failed while …": `starting the sandbox`. */
  async run<T>(operation: string, { signal }: CallOptions, work: () => Promise<T>): Promise<T> {
    throwIfAborted(this.#provider, operation, signal);
    try {
      return await work();
    } catch (error) {
      throw this.map(error, operation, signal);
    }
  }

  async *iterate<T>(
    operation: string,
    { signal }: CallOptions,
    items: () => AsyncIterable<T> | Promise<Iterable<T>>,
  ): AsyncGenerator<T> {
    throwIfAborted(this.#provider, operation, signal);
    try {
      for await (const item of await items()) {
        yield item;
        throwIfAborted(this.#provider, operation, signal);
      }
    } catch (error) {
      throw this.map(error, operation, signal);
    }
  }

  map(error: unknown, operation: string, signal?: AbortSignal): SandboxError {
    return mapFailure(error, { provider: this.#provider, operation, signal, mapError: this.#mapError });
  }
}
