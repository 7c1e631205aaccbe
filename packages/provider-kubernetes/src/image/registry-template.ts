import { createHash } from "node:crypto";
import type { TemplateBase, TemplateSpec } from "@glovebox/core/provider";
import {
  findTemplate,
  type ImageRepository,
  type PublishedTemplate,
  pinImage,
  publishTemplate,
  publishTools,
} from "@glovebox/image-builder";
import type { VendorPrepareOptions, VendorTemplate } from "@glovebox/provider-kit";
import { formatReference } from "../template/template-reference.ts";
import { packageHosts } from "./package-hosts.ts";

/** A template whose images the nodes pull from registries, each by its digest. */
export async function registryTemplate(
  images: ImageRepository,
  spec: TemplateSpec,
  options: VendorPrepareOptions,
): Promise<VendorTemplate> {
  const { base, layers } = spec;
  if (base.kind === "image") return await userTemplate(images, { base, layers }, options);
  return vendorTemplate(await publishTemplate(images, spec, options));
}

/**
 * A user's image of another registry is not built upon: Glovebox's programs are copied beside it in each sandbox, so that no
 * engine is needed. `ensureBuilt` and `rebuild` build on it, and then later runs find that image.
 */
async function userTemplate(
  images: ImageRepository,
  { base, layers }: TemplateSpec & { readonly base: Extract<TemplateBase, { kind: "image" }> },
  options: VendorPrepareOptions,
): Promise<VendorTemplate> {
  const { reference, isInRegistry } = await pinImage(base.reference, images.engine, options);
  const spec = { base: { kind: "image", reference } as const, layers };
  if (!isInRegistry || options.ensureBuilt || options.rebuild)
    return vendorTemplate(await publishTemplate(images, spec, options));
  const built = await findTemplate(images, spec, options);
  if (built !== undefined) return vendorTemplate(built);
  const tools = await publishTools(images, layers, options);
  const digest = createHash("sha256")
    .update(JSON.stringify([reference, tools.digest]))
    .digest("hex");
  return {
    reference: formatReference({ image: reference, tools: tools.reference }),
    digest: `sha256:${digest}`,
    packageHosts,
    reused: tools.reused,
    notice: `Glovebox's programs are copied into every sandbox of ${base.reference}. For faster starts, build a template with \`glovebox template build\``,
  };
}

function vendorTemplate({ reference, digest, reused, notice, ...found }: PublishedTemplate): VendorTemplate {
  return {
    reference: formatReference({ image: reference }),
    digest: `sha256:${digest}`,
    packageHosts: found.packageHosts ?? packageHosts,
    reused,
    ...(notice === undefined ? {} : { notice }),
  };
}
