import type { CommandContext } from "@glovebox/core/plugin";
import type Docker from "dockerode";
import { type DockerTools, loadDockerTools } from "./docker-tools.ts";

export interface LocalEngine {
  readonly engine: Docker;
  readonly tools: DockerTools;
  /** In the form of DOCKER_HOST. */
  readonly address: string;
}

/** Returns the engine of the Docker provider. If there is none, installs and starts one after the user agrees. */
export async function readyEngine(
  context: CommandContext,
  options: {
    readonly consent: (question: string) => Promise<boolean>;
    readonly say: (message: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<LocalEngine> {
  const tools = await loadDockerTools(context);
  const endpoint = await tools.ensureDockerEngine(await context.settingsOf("docker").read(), {
    consent: options.consent,
    onProgress: options.say,
    signal: options.signal,
  });
  return { engine: tools.createEngine(endpoint), tools, address: endpoint.description };
}
