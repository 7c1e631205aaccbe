export { defaultLimits } from "./container/limits.ts";
export { createDockerProvider, provider } from "./docker-provider.ts";
export type { DockerProviderSettings } from "./docker-settings.ts";
export {
  createEngine,
  type EngineEndpoint,
  type ResolveEngineEndpointOptions,
  resolveEngineEndpoint,
} from "./engine/engine-endpoint.ts";
export { type EnsuredEngine, type EnsureEngineOptions, ensureEngine } from "./engine/install-engine.ts";
export { type StopEngineOptions, stopEngine } from "./engine/stop-engine.ts";
export { type ExtraCertificates, extraCertificates } from "./image/extra-certificates.ts";
export {
  type GloveboxImage,
  listImages,
  type RemovedImages,
  type RemoveImagesOptions,
  removeImages,
} from "./image/image-store.ts";
export { prepareTemplate } from "./image/prepare-template.ts";
export type { BaseChoice, PrepareTemplateOptions } from "./image/prepare-template-options.ts";
