import type { SetupOptions } from "@glovebox/core/plugin";
import { parseDockerSettings } from "../docker-settings.ts";
import { type EngineEndpoint, resolveEngineEndpoint } from "./engine-endpoint.ts";
import { ensureEngine } from "./install-engine.ts";

/** Ensures that the engine which the settings name is running, and resolves to where it is. Cheap when it is. */
export async function ensureDockerEngine(
  settings: Readonly<Record<string, unknown>>,
  { consent, onProgress, signal }: SetupOptions,
): Promise<EngineEndpoint> {
  const { host } = parseDockerSettings(settings);
  const endpoint = await resolveEngineEndpoint(host === undefined ? {} : { host });
  await ensureEngine({
    endpoint,
    consent: () => consent("No Docker engine answers. Install and start one on this machine?"),
    onProgress,
    signal,
  });
  return endpoint;
}
