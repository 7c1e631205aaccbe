/**
 * Templates as users describe them.
 *
 * @module @glovebox/image-builder/description
 */

export { type BuildContext, contextDigest, readBuildContext } from "../context/build-context.ts";
export { baseArgument } from "../user/own-base.ts";
export { type DockerfileInstruction, parseDockerfile } from "../user/parse-dockerfile.ts";
export { type BuildDevcontainerOptions, buildDevcontainer, devcontainerPackage } from "./build-devcontainer.ts";
export { copyBuildContext } from "./context-copy.ts";
export { type LoadTemplateOptions, loadTemplate } from "./load-template.ts";
export type { LoadedTemplate } from "./loaded-template.ts";
export { descriptionNames } from "./read-description.ts";
export { type TemplateDescription, templateDescriptionSchema } from "./template-description.ts";
