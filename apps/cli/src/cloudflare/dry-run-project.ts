import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadHarness } from "@glovebox/core";
import { SandboxError } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { homeFolder } from "../config/home-folder.ts";
import { resolveFrom } from "../config/plugins.ts";
import { safeLine } from "../print/safe-text.ts";
import type { Terminal } from "../terminal.ts";
import { startDockerStandIn } from "./docker-stand-in.ts";
import { readyEngine } from "./local-engine.ts";
import { prepareLocalImages } from "./local-images.ts";
import type { WorkerProject } from "./worker-project.ts";

export interface DryRunOptions {
  /** Runs wrangler. */
  readonly step: (args: readonly string[], input?: string, env?: Terminal["env"]) => Promise<unknown>;
  readonly signal: AbortSignal;
}

/** Lets wrangler put a Worker together, with its image where there is an engine, and upload nothing. */
export async function dryRunProject(
  project: WorkerProject,
  { step, signal }: DryRunOptions,
  terminal: Terminal,
): Promise<number> {
  const { stderr, stdout, env } = terminal;
  const engine = project.images.size === 0 ? undefined : await findEngine(terminal, signal);
  if (engine === undefined) await step(["deploy", "--dry-run", "--containers-rollout=none"]);
  else {
    const folder = await mkdtemp(join(tmpdir(), "glovebox-dry-run-"));
    try {
      const harness = (await loadHarness("claude-code", { resolveFrom: resolveFrom(homeFolder(env)) })).template();
      const onProgress = (message: string) => stderr.line(safeLine(message));
      const consent = async () => false;
      await using images = await prepareLocalImages({ engine, project, harness, signal, consent, onProgress });
      await using docker = await startDockerStandIn(folder, { build: images.name, pull: async () => {} });
      await step(["deploy", "--dry-run"], undefined, { WRANGLER_DOCKER_BIN: docker.program });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  stdout.line(`${project.name} can be deployed; nothing was`);
  return 0;
}

async function findEngine(terminal: Terminal, signal: AbortSignal): Promise<Docker | undefined> {
  try {
    return (await readyEngine(terminal, { consent: async () => false, say: () => {}, signal })).engine;
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== "unavailable") throw error;
    terminal.stderr.line(`The image is left out: ${safeLine(error.message)}`);
    return undefined;
  }
}
