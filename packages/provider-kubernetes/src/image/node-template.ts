import { createHash } from "node:crypto";
import type { TemplateBase, TemplateLayer, TemplateSpec } from "@glovebox/core/provider";
import { type ImageEngine, imageRepositories, pinImage, prepareTemplate, toolsImage } from "@glovebox/image-builder";
import type { VendorPrepareOptions, VendorTemplate } from "@glovebox/provider-kit";
import { formatReference } from "../template/template-reference.ts";
import { loadNotice } from "./load-notice.ts";
import { packageHosts } from "./package-hosts.ts";

/** A template whose image has to be on the nodes, under the name that it has on the engine of this host. */
export async function nodeTemplate(
  engine: () => Promise<ImageEngine>,
  { base, layers }: TemplateSpec,
  options: VendorPrepareOptions,
): Promise<VendorTemplate> {
  if (base.kind === "image") return await userTemplate(engine, { base, layers }, options);
  return await builtTemplate(await engine(), { base, layers }, options);
}

async function builtTemplate(
  engine: ImageEngine,
  spec: TemplateSpec,
  options: VendorPrepareOptions,
): Promise<VendorTemplate> {
  const { providerId: _, ...template } = await prepareTemplate(engine, spec, options);
  return template.reused ? template : { ...template, notice: loadNotice(template.reference) };
}

interface UserSpec {
  readonly base: Extract<TemplateBase, { kind: "image" }>;
  readonly layers: readonly TemplateLayer[];
}

async function userTemplate(
  engine: () => Promise<ImageEngine>,
  { base, layers }: UserSpec,
  options: VendorPrepareOptions,
): Promise<VendorTemplate> {
  // An image that Glovebox has built has everything in it.
  if (base.reference.startsWith(`${imageRepositories.sandbox}:`))
    return { reference: base.reference, digest: digestOf([base.reference]), packageHosts, reused: true };
  const { reference, isInRegistry } = await pinImage(base.reference, engine, options);
  if (!isInRegistry || options.ensureBuilt || options.rebuild)
    return await builtTemplate(await engine(), { base: { kind: "image", reference }, layers }, options);
  const tools = await toolsImage(await engine(), layers, options);
  return {
    reference: formatReference({ image: reference, tools: tools.reference }),
    digest: digestOf([reference, tools.digest]),
    packageHosts,
    reused: tools.reused,
    ...(tools.reused ? {} : { notice: loadNotice(tools.reference) }),
  };
}

function digestOf(parts: readonly string[]): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(parts)).digest("hex")}`;
}
