import { SandboxAbortedError, TemplateError } from "@glovebox/core/provider";
import { CliImageEngine } from "./cli-image-engine.ts";
import { EngineCli } from "./engine-cli.ts";
import type { ImageCallOptions } from "./image-engine.ts";

const askTimeoutMs = 10_000;

/** The commands of engines that build images, the likeliest first. */
export const imageEngineCommands = ["docker", "podman", "nerdctl"] as const;

/** A command that builds images. */
export type ImageEngineCommand = (typeof imageEngineCommands)[number];

/** How a container engine is found. */
export interface FindImageEngineOptions extends ImageCallOptions {
  /** The provider that errors and templates carry. */
  readonly providerId: string;
  /** Ask only this one. */
  readonly command?: ImageEngineCommand | undefined;
}

/** Finds a container engine on this host that answers. Rejects with `template` where there is none. */
export async function findImageEngine({
  providerId,
  command,
  signal,
}: FindImageEngineOptions): Promise<CliImageEngine> {
  const reasons: string[] = [];
  for (const one of command === undefined ? imageEngineCommands : [command]) {
    // The server's version, which an engine without one does not have: it has to answer.
    const args = one === "podman" ? ["version"] : ["version", "--format", "{{.Server.Version}}"];
    const answer = await new EngineCli(one, providerId).run(args, { timeoutMs: askTimeoutMs, signal });
    if (signal?.aborted) throw new SandboxAbortedError("Aborted while looking for a container engine", { providerId });
    if (answer.exitCode === 0) return new CliImageEngine({ providerId, command: one });
    if (answer.exitCode > 0) reasons.push(`${one}: ${answer.reason}`);
  }
  const why = reasons.length === 0 ? "" : ` (${reasons.join("; ")})`;
  throw new TemplateError(`No container engine on this host can build the image${why}`, {
    providerId,
    hint: "Install Docker or Podman, or push the image from a machine that has one: `glovebox image push REPOSITORY`.",
  });
}
