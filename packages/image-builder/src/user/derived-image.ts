import { createHash } from "node:crypto";
import type { TemplateBase, TemplateLayer } from "@glovebox/core/provider";
import { tarOfTexts } from "../context/tar-of-texts.ts";
import type { ImageEngine } from "../engine/image-engine.ts";
import type { PreparedImage } from "../image/default-image.ts";
import { finishImage } from "../image/finish-image.ts";
import { imageLabels, imageReference, userImageLabel } from "../image/image-names.ts";
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
  const user = await userImage(engine, base, source, options);
  const shipped = (await shippedFile("derived.Dockerfile")).toString("utf8");
  const dockerfile = user.isOwn ? withoutCopies(shipped) : shipped;
  const digest = createHash("sha256")
    .update(JSON.stringify([dockerfile, user.id, source.digest]))
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
    buildArgs: { BASE: user.reference, ...(user.isOwn ? {} : { GLOVEBOX: source.reference }) },
    labels: { ...imageLabels(options.owner), [userImageLabel]: user.reference },
    what: `the sandbox image on top of ${name}`,
    noCache: rebuild,
    onProgress,
    signal,
  });
  onProgress?.({ message: "checking the image" });
  const id = await finishImage(engine, built, reference, { layers, replace: rebuild, signal });
  return { id, reference, digest, reused: false, ...notice };
}

/** For an image that was made from ours: a second copy of the same files would only make it larger. */
function withoutCopies(dockerfile: string): string {
  const ours = /^(COPY --from=glovebox |FROM \$\{GLOVEBOX\}|ARG GLOVEBOX$)/;
  return dockerfile
    .split("\n")
    .filter((line) => !ours.test(line))
    .join("\n");
}
