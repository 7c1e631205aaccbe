import type { TemplateBase } from "@glovebox/core/provider";
import type { ImageEngine } from "../engine/image-engine.ts";
import type { PreparedImage } from "../image/default-image.ts";
import type { PrepareTemplateOptions } from "../image/prepare-template-options.ts";
import { builtImage } from "./built-image.ts";
import { namedImage } from "./named-image.ts";

export interface UserImage {
  readonly id: string;
  /** A name that a Dockerfile's `FROM` can use: an id alone cannot be named there with BuildKit. */
  readonly reference: string;
  /** Whether it is the default image with more in it, and so has what a sandbox needs. */
  readonly isOwn?: boolean;
  /** What the user should know about it, in one line. */
  readonly notice?: string;
}

/** Finds, pulls or builds the image that a user wants to start from. `source` is the default image. */
export async function userImage(
  engine: ImageEngine,
  base: Exclude<TemplateBase, { kind: "default" }>,
  source: PreparedImage,
  options: PrepareTemplateOptions,
): Promise<UserImage> {
  return base.kind === "image"
    ? namedImage(engine, base.reference, options)
    : builtImage(engine, base, source, options);
}
