/**
 * Builds OCI images for sandboxes.
 *
 * @module @glovebox/image-builder
 */
export { installPackages, isDebianFamily, rootPrefix } from "./base/apt-packages.ts";
export { outputTail } from "./base/output-tail.ts";
export { CliImageEngine, type CliImageEngineSettings } from "./engine/cli-image-engine.ts";
export { type CliOptions, type CliResult, EngineCli } from "./engine/engine-cli.ts";
export {
  type FindImageEngineOptions,
  findImageEngine,
  type ImageEngineCommand,
  imageEngineCommands,
} from "./engine/find-image-engine.ts";
export {
  type HelperContainer,
  helperContainer,
  helperLabel,
  helperNamePrefix,
  isAbandonedHelper,
} from "./engine/helper-containers.ts";
export type {
  BuildOptions,
  ImageCallOptions,
  ImageEngine,
  ImageFacts,
  ImageFiles,
  ImageLayer,
  ImportOptions,
  ListedImage,
  PullOptions,
  PushOptions,
  RunOptions,
  RunResult,
} from "./engine/image-engine.ts";
export { pushFailure } from "./engine/push-failure.ts";
export { registryKey } from "./engine/registry-key.ts";
export { removeNameless } from "./image/finish-image.ts";
export { type ImageKind, imageLabel, imageLabels, imageReference, imageRepositories } from "./image/image-names.ts";
export {
  type GloveboxImage,
  type ListImagesOptions,
  listImages,
  type RemovedImages,
  type RemoveImagesOptions,
  removeImages,
} from "./image/image-store.ts";
export { prepareTemplate } from "./image/prepare-template.ts";
export type { BaseChoice, PrepareTemplateOptions } from "./image/prepare-template-options.ts";
export { inspectTemplate, removeTemplate } from "./image/template-image.ts";
export {
  hostArchitecture,
  ImageRepository,
  type ImageRepositoryOptions,
  type PublishedImage,
  type PublishedKind,
} from "./publish/image-repository.ts";
export { type PinnedImage, pinImage } from "./publish/pin-image.ts";
export { findTemplate, type PublishedTemplate, publishTemplate, publishTools } from "./publish/publish-template.ts";
export { toolsImage } from "./publish/tools-image.ts";
export { type ImageName, parseImageName } from "./registry/image-name.ts";
export { RegistryClient, type RegistryClientOptions } from "./registry/registry-client.ts";
export { type StoredLogin, storedLogin } from "./registry/stored-login.ts";
export { shippedFile } from "./shipped-file.ts";
