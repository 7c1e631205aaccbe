/**
 * Templates as users describe them.
 *
 * @module @glovebox/image-builder/description
 */
export { type BuildDevcontainerOptions, buildDevcontainer, devcontainerPackage } from "./build-devcontainer.ts";
export { type LoadTemplateOptions, loadTemplate } from "./load-template.ts";
export type { LoadedTemplate } from "./loaded-template.ts";
export { descriptionNames } from "./read-description.ts";
export { type TemplateDescription, templateDescriptionSchema } from "./template-description.ts";
