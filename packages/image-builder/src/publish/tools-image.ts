import { createHash } from "node:crypto";
import type { TemplateLayer } from "@glovebox/core/provider";
import { tarOfTexts } from "../context/tar-of-texts.ts";
import type { ImageEngine } from "../engine/image-engine.ts";
import { defaultImage, type PreparedImage } from "../image/default-image.ts";
import { nameBuiltImage } from "../image/finish-image.ts";
import { imageLabels, imageReference } from "../image/image-names.ts";
import type { PrepareTemplateOptions } from "../image/prepare-template-options.ts";
import { shippedFile } from "../shipped-file.ts";

/** The digest (hexadecimal) of the tools image that is made of a default image with this digest. */
export async function toolsDigest(defaultDigest: string): Promise<string> {
  const dockerfile = (await shippedFile("tools.Dockerfile")).toString("utf8");
  return createHash("sha256")
    .update(JSON.stringify([dockerfile, defaultDigest]))
    .digest("hex");
}

/**
 * Finds or builds the tools image: `/opt/glovebox` of the default image with Node, the supervisor and the harnesses, and
 * nothing else. A platform that cannot build on a user's image copies it beside that one.
 */
export async function toolsImage(
  engine: ImageEngine,
  layers: readonly TemplateLayer[],
  options: PrepareTemplateOptions = {},
): Promise<PreparedImage> {
  const { signal, onProgress, owner } = options;
  const source = await defaultImage(engine, layers, options);
  const digest = await toolsDigest(source.digest);
  const reference = imageReference("tools", digest);
  const existing = await engine.inspect(reference, { signal });
  if (existing !== undefined) return { id: existing.id, reference, digest, reused: true };
  const built = await engine.build({
    context: tarOfTexts({ Dockerfile: await shippedFile("tools.Dockerfile") }),
    dockerfile: "Dockerfile",
    buildArgs: { GLOVEBOX: source.reference },
    labels: imageLabels(owner),
    what: "the tools image",
    onProgress,
    signal,
  });
  return { id: await nameBuiltImage(engine, built, reference, false), reference, digest, reused: false };
}
