import { InvalidOptionsError } from "@glovebox/core/provider";
import type { ImageEngine } from "../engine/image-engine.ts";
import { type ImageKind, imageLabel, imageRepositories } from "./image-names.ts";

/** An image that Glovebox made. */
export interface GloveboxImage {
  /** The engine's id, `sha256:…`. */
  readonly id: string;
  /** `glovebox/sandbox:0123456789ab`. */
  readonly reference: string;
  /** `user` images are what a user's own Dockerfile or an image that they named gave, `tools` Glovebox's own programs alone, `certificates` what builds trust on this host, snapshots are sandboxes' files. */
  readonly kind: ImageKind;
  /** The id of the state directory or the server that it was made for; absent if unknown. Others may use it too. */
  readonly owner?: string;
  /** What it takes with everything below it; images share their bases. */
  readonly sizeBytes: number;
  readonly createdAt: Date;
  /** Containers made from it, running or not. */
  readonly containers: number;
}

/** Which images are listed. */
export interface ListImagesOptions {
  /** Only images of this owner, and those without one; every image by default. */
  readonly owner?: string;
}

/** The images that Glovebox made, newest first. */
export async function listImages(
  engine: ImageEngine,
  options: ListImagesOptions = {},
): Promise<readonly GloveboxImage[]> {
  const images = await engine.list(Object.values(imageRepositories));
  const found = images.flatMap(({ labels, ...image }): GloveboxImage[] => {
    const kind = kindOf(image.reference);
    if (kind === undefined) return [];
    const owner = ownerOf(labels);
    if (owner !== undefined && owner !== (options.owner ?? owner)) return [];
    return [owner === undefined ? { ...image, kind } : { ...image, kind, owner }];
  });
  return found.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
}

/** Which images are removed. */
export interface RemoveImagesOptions extends ListImagesOptions {
  /** Which to remove, by id, the beginning of an id, or name; all by default. */
  readonly references?: readonly string[];
}

/** What `removeImages` did. */
export interface RemovedImages {
  readonly removed: readonly GloveboxImage[];
  /** Left because a container uses them. */
  readonly inUse: readonly GloveboxImage[];
}

/**
 * Removes images that Glovebox made, and no others: any other reference is `invalid-options`, before
 * anything is removed. What a user's image had as its own names stays. Resolves to what went and what is in use.
 */
export async function removeImages(engine: ImageEngine, options: RemoveImagesOptions = {}): Promise<RemovedImages> {
  const images = await listImages(engine, options);
  const wanted = options.references?.flatMap((reference) => named(images, reference)) ?? images;
  const removed: GloveboxImage[] = [];
  const inUse: GloveboxImage[] = [];
  for (const image of new Set(wanted)) {
    if (image.containers > 0) inUse.push(image);
    else if (await engine.remove(image.reference)) removed.push(image);
    else inUse.push(image);
  }
  return { removed, inUse };
}

function named(images: readonly GloveboxImage[], reference: string): readonly GloveboxImage[] {
  const id = reference.replace(/^sha256:/, "");
  const isId = /^[0-9a-f]{4,64}$/.test(id);
  const found = images.filter((image) => {
    if (image.reference === reference || image.reference.split(":")[1] === reference) return true;
    return isId && image.id.startsWith(`sha256:${id}`);
  });
  if (found.length > 0) return found;
  throw new InvalidOptionsError(`No Glovebox image is called ${reference}`, {
    hint: "See `glovebox image ls`. Images of other owners are listed and removed only when asked for.",
  });
}

function ownerOf(labels: Readonly<Record<string, string>> | null | undefined): string | undefined {
  const owner = labels?.[imageLabel];
  return owner === undefined || owner === "" || owner === "1" ? undefined : owner;
}

function kindOf(reference: string): ImageKind | undefined {
  const repository = reference.slice(0, reference.lastIndexOf(":"));
  return (Object.keys(imageRepositories) as ImageKind[]).find((kind) => imageRepositories[kind] === repository);
}
