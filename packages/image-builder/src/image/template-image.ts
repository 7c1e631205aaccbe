import {
  type CallOptions,
  InvalidOptionsError,
  type RemoveTemplateOptions,
  TemplateError,
  type TemplateInfo,
} from "@glovebox/core/provider";
import type { ImageEngine } from "../engine/image-engine.ts";
import { imageRepositories, userImageLabel } from "./image-names.ts";
import { listImages } from "./image-store.ts";

/** What an engine knows of the image of a template; `undefined` when the image does not exist. */
export async function inspectTemplate(
  engine: ImageEngine,
  reference: string,
  { signal }: CallOptions = {},
): Promise<TemplateInfo | undefined> {
  const image = (await listImages(engine)).find((one) => one.reference === reference);
  if (image === undefined) return undefined;
  return {
    sizeBytes: image.sizeBytes,
    builtAt: image.createdAt,
    layers: await engine.history(reference, { signal }),
  };
}

/** Removes the image of a template. Rejects with `invalid-options` for an image that Glovebox did not build. */
export async function removeTemplate(
  engine: ImageEngine,
  reference: string,
  { force }: RemoveTemplateOptions = {},
): Promise<void> {
  if (!reference.startsWith(`${imageRepositories.sandbox}:`)) {
    throw new InvalidOptionsError(`${reference} is not a template that Glovebox built, and is left alone`);
  }
  const [image] = (await engine.list([imageRepositories.sandbox])).filter((one) => one.reference === reference);
  if (await engine.remove(reference, { force })) {
    // What it was made of stays where another template needs it.
    const below = image?.labels[userImageLabel];
    if (below?.startsWith(`${imageRepositories.user}:`)) await engine.remove(below);
    return;
  }
  throw new TemplateError(`${reference} is in use`, { hint: "Remove the containers that use it, or force it." });
}
