/**
 * Sandboxes on a Docker engine.
 *
 * @module @glovebox/provider-docker
 */
export type { GloveboxImage, PrepareTemplateOptions } from "@glovebox/image-builder";
export { defaultLimits } from "./container/limits.ts";
export { createDockerProvider, provider } from "./docker-provider.ts";
export type { DockerProviderSettings } from "./docker-settings.ts";
export {
  createEngine,
  type EngineEndpoint,
  type ResolveEngineEndpointOptions,
  resolveEngineEndpoint,
} from "./engine/engine-endpoint.ts";
export { ensureDockerEngine } from "./engine/ensure-docker-engine.ts";
export { type EnsuredEngine, type EnsureEngineOptions, ensureEngine } from "./engine/install-engine.ts";
export { type StopEngineOptions, stopEngine } from "./engine/stop-engine.ts";
export { DockerImageEngine } from "./image/docker-image-engine.ts";
export { listImages, prepareTemplate, removeImages } from "./image/docker-images.ts";
