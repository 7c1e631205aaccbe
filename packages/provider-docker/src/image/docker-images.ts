import type { Template, TemplateSpec } from "@glovebox/core/provider";
import {
  type GloveboxImage,
  type ListImagesOptions,
  listImages as listEngineImages,
  type PrepareTemplateOptions,
  prepareTemplate as prepareEngineTemplate,
  type RemovedImages,
  type RemoveImagesOptions,
  removeImages as removeEngineImages,
} from "@glovebox/image-builder";
import type Docker from "dockerode";
import { DockerImageEngine } from "./docker-image-engine.ts";

/** `prepareTemplate` of `@glovebox/image-builder` on a Docker engine. */
export function prepareTemplate(
  engine: Docker,
  spec: TemplateSpec,
  options?: PrepareTemplateOptions,
): Promise<Template> {
  return prepareEngineTemplate(new DockerImageEngine(engine), spec, options);
}

/** `listImages` of `@glovebox/image-builder` on a Docker engine. */
export function listImages(engine: Docker, options?: ListImagesOptions): Promise<readonly GloveboxImage[]> {
  return listEngineImages(new DockerImageEngine(engine), options);
}

/** `removeImages` of `@glovebox/image-builder` on a Docker engine. */
export function removeImages(engine: Docker, options?: RemoveImagesOptions): Promise<RemovedImages> {
  return removeEngineImages(new DockerImageEngine(engine), options);
}
