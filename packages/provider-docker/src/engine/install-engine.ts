import type { EngineEndpoint } from "./engine-endpoint.ts";

export interface EnsureEngineOptions {
  /** Where the engine is expected; resolved as the docker CLI does when absent. */
  readonly endpoint?: EngineEndpoint;
  /** Asked once, before anything is installed or started. `false` ends with an `unavailable` error. */
  readonly consent: () => Promise<boolean>;
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal;
}

export interface EnsuredEngine {
  /** Whether this call started the engine. */
  readonly started: boolean;
  /** Whether this call installed it. */
  readonly installed: boolean;
}

/** Sees to it that an engine answers. Does nothing when one does. */
export async function ensureEngine(_options: EnsureEngineOptions): Promise<EnsuredEngine> {
  return { started: false, installed: false };
}
