import { InvalidOptionsError, type Template } from "@glovebox/core/provider";
import { imageRepositories } from "@glovebox/image-builder";
import type Docker from "dockerode";
import { DockerImageEngine } from "../image/docker-image-engine.ts";

/** Removes an image that a snapshot made. False while a container needs it. */
export async function removeSnapshot(engine: Docker, { reference }: Template): Promise<boolean> {
  const repository = reference.slice(0, reference.lastIndexOf(":"));
  if (repository === imageRepositories.snapshot || repository === imageRepositories.rootSnapshot) {
    return await new DockerImageEngine(engine).remove(reference);
  }
  throw new InvalidOptionsError("The template is not a snapshot of a Docker sandbox", { providerId: "docker" });
}
