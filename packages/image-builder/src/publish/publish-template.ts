import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { TemplateBase, TemplateLayer, TemplateSpec } from "@glovebox/core/provider";
import { contextDigest, readBuildContext } from "../context/build-context.ts";
import { defaultImageDigests } from "../image/default-image.ts";
import { prepareTemplate } from "../image/prepare-template.ts";
import type { PrepareTemplateOptions } from "../image/prepare-template-options.ts";
import { knownPackageHosts, rememberPackageHosts } from "../packages/package-hosts.ts";
import { shippedFile } from "../shipped-file.ts";
import type { ImageRepository, PublishedImage } from "./image-repository.ts";
import { pinImage } from "./pin-image.ts";
import { toolsDigest, toolsImage } from "./tools-image.ts";

/** A template in a registry. */
export interface PublishedTemplate extends PublishedImage {
  /** As `Template.packageHosts`; absent where nobody looked into the image on this host. */
  readonly packageHosts?: readonly string[];
  readonly notice?: string;
}

/**
 * Finds the image of a template in a repository, or builds it on the repository's engine and pushes it. Nothing is built
 * or pushed twice; with `rebuild` it is built in any case.
 */
export async function publishTemplate(
  repository: ImageRepository,
  { base, layers }: TemplateSpec,
  options: PrepareTemplateOptions = {},
): Promise<PublishedTemplate> {
  const spec = { base: await pinned(base, repository, options), layers };
  const found = options.rebuild ? undefined : await findTemplate(repository, spec, options);
  if (found !== undefined) return found;
  const template = await prepareTemplate(await repository.engine(), spec, options);
  const { reference, packageHosts, notice } = template;
  // The tag is made of what is known without an engine, so that others find it without one.
  const digests = await publishedDigests(spec, options);
  const built = template.digest.replace("sha256:", "");
  const digest = spec.base.kind === "default" ? built : (digests[0] ?? built);
  const pushed = await repository.push("sandbox", { reference, digest }, options);
  if (packageHosts !== undefined) await rememberPackageHosts(pushed.reference, packageHosts, options);
  return {
    ...pushed,
    ...(packageHosts === undefined ? {} : { packageHosts }),
    ...(notice === undefined ? {} : { notice }),
  };
}

async function pinned(base: TemplateBase, { engine }: ImageRepository, options: PrepareTemplateOptions) {
  if (base.kind !== "image") return base;
  return { kind: "image", reference: (await pinImage(base.reference, engine, options)).reference } as const;
}

/** Finds the image of a template in a repository without an engine. An image that it starts from is named by its digest. */
export async function findTemplate(
  repository: ImageRepository,
  spec: TemplateSpec,
  options: PrepareTemplateOptions = {},
): Promise<PublishedTemplate | undefined> {
  const found = await repository.find("sandbox", await publishedDigests(spec, options), options);
  const packageHosts = found && (await knownPackageHosts(found.reference, options));
  return found && { ...found, ...(packageHosts === undefined ? {} : { packageHosts }) };
}

/** As {@link publishTemplate}, for the tools image. */
export async function publishTools(
  repository: ImageRepository,
  layers: readonly TemplateLayer[],
  options: PrepareTemplateOptions = {},
): Promise<PublishedImage> {
  const digests = await Promise.all((await defaultImageDigests(layers, options)).map(toolsDigest));
  const found = await repository.find("tools", digests, options);
  if (found !== undefined) return found;
  const { rebuild: _, ...rest } = options;
  return await repository.push("tools", await toolsImage(await repository.engine(), layers, rest), options);
}

/** The digests under which a template may be published, the preferred one first. */
async function publishedDigests(
  { base, layers }: TemplateSpec,
  options: PrepareTemplateOptions,
): Promise<readonly string[]> {
  const own = await defaultImageDigests(layers, options);
  if (base.kind === "default") return own;
  const derived = (await shippedFile("derived.Dockerfile")).toString("utf8");
  const user = await userInputs(base);
  return own.map((digest) => sha256(JSON.stringify([derived, digest, user])));
}

async function userInputs(base: Exclude<TemplateBase, { kind: "default" }>): Promise<readonly unknown[]> {
  if (base.kind === "image") return [base.reference];
  const context = await readBuildContext(resolve(base.path));
  return [await contextDigest(context), context.dockerfile, Object.entries(base.buildArgs ?? {}).sort()];
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
