import { createHash } from "node:crypto";
import type { TemplateBase, TemplateLayer } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { shippedFile } from "../shipped-file.ts";
import { tarOfTexts } from "./build-context.ts";
import type { PreparedImage } from "./default-image.ts";
import { finishImage } from "./finish-image.ts";
import { buildImage } from "./image-builder.ts";
import { imageId } from "./image-id.ts";
import { requireFittingLibc } from "./image-libc.ts";
import { imageLabel, imageReference } from "./image-names.ts";
import type { PrepareTemplateOptions } from "./prepare-template-options.ts";
import { tagImage } from "./tag-image.ts";
import { userImage } from "./user-image.ts";

/** Puts what a sandbox needs on top of a user's image. `fallback` is the default image, where that comes from. */
export async function derivedImage(
  engine: Docker,
  base: Exclude<TemplateBase, { kind: "default" }>,
  fallback: PreparedImage,
  layers: readonly TemplateLayer[],
  options: PrepareTemplateOptions,
): Promise<PreparedImage> {
  const { signal, onProgress } = options;
  const user = await userImage(engine, base, options);
  const dockerfile = await shippedFile("derived.Dockerfile");
  const digest = createHash("sha256")
    .update(JSON.stringify([dockerfile.toString("utf8"), user.id, fallback.digest]))
    .digest("hex");
  const reference = imageReference("sandbox", digest);
  const there = options.rebuild === true ? undefined : await imageId(engine, reference, signal);
  if (there !== undefined) return { id: there, reference, digest, reused: true };
  const name = base.kind === "image" ? base.reference : `of ${base.path}`;
  await requireFittingLibc(engine, user.id, name);
  await tagImage(engine, user.id, user.reference);
  const built = await buildImage(engine, {
    context: tarOfTexts({ Dockerfile: dockerfile }),
    dockerfile: "Dockerfile",
    buildArgs: { GLOVEBOX: fallback.reference, BASE: user.reference },
    labels: { [imageLabel]: "1" },
    what: `the sandbox image on top of ${name}`,
    ...(options.rebuild && { noCache: true }),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  const id = await finishImage(engine, built, reference, layers, options);
  return { id, reference, digest, reused: false };
}
