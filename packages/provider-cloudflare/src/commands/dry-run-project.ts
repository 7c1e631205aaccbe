import { rm } from "node:fs/promises";
import type { CommandContext } from "@glovebox/core/plugin";
import { SandboxError } from "@glovebox/core/provider";
import { makeTemporaryDirectory } from "@glovebox/core/state";
import { safeLine } from "@glovebox/core/text";
import { type LocalEngine, readyEngine } from "./local/local-engine.ts";
import { prepareLocalImages } from "./local/local-images.ts";
import type { WorkerProject } from "./project/worker-project.ts";
import { startDockerShim } from "./wrangler/docker-shim.ts";

export interface DryRunOptions {
  /** Runs wrangler. */
  readonly step: (args: readonly string[], input?: string, env?: CommandContext["env"]) => Promise<unknown>;
  readonly signal: AbortSignal;
}

/** Has wrangler build the Worker, and its image if there is an engine, without uploading. */
export async function dryRunProject(
  project: WorkerProject,
  { step, signal }: DryRunOptions,
  context: CommandContext,
): Promise<number> {
  const { stderr, stdout } = context;
  const engine = project.images.size === 0 ? undefined : await findEngine(context, signal);
  if (engine === undefined) await step(["deploy", "--dry-run", "--containers-rollout=none"]);
  else {
    const directory = await makeTemporaryDirectory("glovebox-dry-run");
    try {
      const harness = (await context.loadHarness()).template();
      const onProgress = (message: string) => stderr.line(safeLine(message));
      const consent = async () => false;
      await using images = await prepareLocalImages({ ...engine, project, harness, signal, consent, onProgress });
      await using docker = await startDockerShim(directory, { build: images.name, pull: async () => {} });
      await step(["deploy", "--dry-run"], undefined, { WRANGLER_DOCKER_BIN: docker.program });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  stdout.line(`${project.name} can be deployed; nothing was`);
  return 0;
}

async function findEngine(context: CommandContext, signal: AbortSignal): Promise<LocalEngine | undefined> {
  try {
    return await readyEngine(context, { consent: async () => false, say: () => {}, signal });
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== "unavailable") throw error;
    context.stderr.line(`Skipped the image: ${safeLine(error.message)}`);
    return undefined;
  }
}
