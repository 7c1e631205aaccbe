import { existsSync } from "node:fs";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import { rootPrefix } from "@glovebox/image-builder";
import { runEngineScript } from "./engine-process.ts";
import { engineState, stopScript } from "./engine-script.ts";

/** How `stopEngine` stops an engine. */
export interface StopEngineOptions {
  readonly signal?: AbortSignal;
}

/**
 * Stops the engine if {@link ensureEngine} started it, and resolves when it is gone: with its containers, containerd,
 * sockets and pid files. Resolves to whether there was one to stop; another's engine is left alone.
 */
export async function stopEngine(options: StopEngineOptions = {}): Promise<{ readonly stopped: boolean }> {
  if (!existsSync(`${engineState}/engine`)) return { stopped: false };
  const prefix = await rootPrefix();
  if (prefix === undefined) {
    throw new SandboxUnavailableError("Stopping the Docker engine takes root", {
      providerId: "docker",
      retryable: false,
      hint: "Run the same as root.",
    });
  }
  const said = await runEngineScript(stopScript, prefix, "stopping the Docker engine", options.signal);
  return { stopped: said.trim() === "stopped" };
}
