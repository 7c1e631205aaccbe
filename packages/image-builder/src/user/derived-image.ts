import { createHash } from "node:crypto";
import type { TemplateBase, TemplateLayer } from "@glovebox/core/provider";
import { tarOfTexts } from "../context/tar-of-texts.ts";
import type { ImageEngine } from "../engine/image-engine.ts";
import type { PreparedImage } from "../image/default-image.ts";
import { finishImage } from "../image/finish-image.ts";
import { imageLabels, imageReference } from "../image/image-names.ts";
import type { PrepareTemplateOptions } from "../image/prepare-template-options.ts";
import { shippedFile } from "../shipped-file.ts";
import { requireFittingLibc } from "./image-libc.ts";
import { userImage } from "./user-image.ts";

/** Puts what a sandbox needs on top of a user's image. `source` is the default image, where that comes from. */
export async function derivedImage(
  engine: ImageEngine,
  base: Exclude<TemplateBase, { kind: "default" }>,
  source: PreparedImage,
  layers: readonly TemplateLayer[],
  options: PrepareTemplateOptions,
): Promise<PreparedImage> {
  const { signal, onProgress, rebuild = false } = options;
  const user = await userImage(engine, base, options);
  const dockerfile = await shippedFile("derived.Dockerfile");
  const digest = createHash("sha256")
    .update(JSON.stringify([dockerfile.toString("utf8"), user.id, source.digest]))
    .digest("hex");
  const reference = imageReference("sandbox", digest);
  const existing = rebuild ? undefined : await engine.inspect(reference, { signal });
  const notice = user.notice === undefined ? {} : { notice: user.notice };
  if (existing !== undefined) return { id: existing.id, reference, digest, reused: true, ...notice };
  const name = base.kind === "image" ? base.reference : `of ${base.path}`;
  await requireFittingLibc(engine, user.id, name);
  await engine.tag(user.id, user.reference);
  const built = await engine.build({
    context: tarOfTexts({ Dockerfile: dockerfile }),
    dockerfile: "Dockerfile",
    buildArgs: { GLOVEBOX: source.reference, BASE: user.reference },
    labels: imageLabels(options.owner),
    what: `the sandbox image on top of ${name}`,
    noCache: rebuild,
    onProgress,
    signal,
  });
  onProgress?.({ message: "checking the image" });
  const id = await finishImage(engine, built, reference, { layers, replace: rebuild, signal });
  return { id, reference, digest, reused: false, ...notice };
}
