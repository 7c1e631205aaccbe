import { resolve } from "node:path";
import type { TemplateBase } from "@glovebox/core/provider";
import type { BuildContext } from "@glovebox/image-builder/description";
import { type DockerfileSteps, dockerfileSteps } from "./dockerfile-steps.ts";

/** A Dockerfile with what it copies. */
export interface TemplateDockerfile {
  readonly steps: DockerfileSteps;
  readonly context: BuildContext;
  /** Of everything that goes in (hexadecimal). */
  readonly digest: string;
}

/** Reads a Dockerfile and its build context. Throws `invalid-options` for what E2B cannot build. */
export async function readTemplateDockerfile(
  base: Extract<TemplateBase, { kind: "dockerfile" }>,
): Promise<TemplateDockerfile> {
  // Loaded here: most runs start from a template that exists.
  const builder = await import("@glovebox/image-builder/description");
  const context = await builder.readBuildContext(resolve(base.path));
  const instructions = builder.parseDockerfile(context.dockerfileText);
  const steps = dockerfileSteps(instructions, base.buildArgs ?? {}, builder.baseArgument);
  return { steps, context, digest: await builder.contextDigest(context) };
}
