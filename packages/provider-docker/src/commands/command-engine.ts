import type { CommandContext } from "@glovebox/core/plugin";
import type Docker from "dockerode";
import { createEngine } from "../engine/engine-endpoint.ts";
import { ensureDockerEngine } from "../engine/ensure-docker-engine.ts";

/** The engine that the configuration names; one that is not running is not started. */
export async function engineOf(context: CommandContext): Promise<Docker> {
  const endpoint = await ensureDockerEngine(await context.settingsOf("docker").read(), {
    consent: async () => false,
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  return createEngine(endpoint);
}
