import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "./build-image.ts";

/** Removes a container and resolves once the engine no longer has it, also where the local runtime is removing it already. */
export async function removeContainer(engine: Engine, id: string): Promise<void> {
  for (;;) {
    try {
      await engine.getContainer(id).remove({ force: true, v: true });
    } catch (error) {
      const { statusCode } = error as { readonly statusCode?: number };
      if (statusCode === 404) return;
      if (statusCode !== 409) throw error;
    }
    await delay(50);
  }
}
