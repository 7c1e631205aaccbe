import { createEngine, resolveEngineEndpoint } from "@glovebox/provider-docker";
import type Docker from "dockerode";
import { ensureProviderEngine } from "../run/docker-engine.ts";
import { openProvider } from "../run/open-provider.ts";
import type { Terminal } from "../terminal.ts";

export interface LocalEngine {
  readonly engine: Docker;
  /** As DOCKER_HOST has it. */
  readonly address: string;
}

/** The engine that runs of the Docker provider use. One is installed and started where there is none and the person agrees. */
export async function readyEngine(
  terminal: Terminal,
  options: {
    readonly consent: (question: string) => Promise<boolean>;
    readonly say: (message: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<LocalEngine> {
  const { provider, engineHost: host } = await openProvider(terminal, { provider: "docker", json: true });
  await ensureProviderEngine(provider, {
    host,
    consent: options.consent,
    onProgress: options.say,
    signal: options.signal,
  });
  const endpoint = await resolveEngineEndpoint(host === undefined ? {} : { host });
  return { engine: createEngine(endpoint), address: endpoint.description };
}
