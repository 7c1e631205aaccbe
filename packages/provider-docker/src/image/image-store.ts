import { InvalidOptionsError } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { mapEngineError } from "../engine/engine-error.ts";
import { type ImageKind, imageRepositories } from "./image-names.ts";

/** An image that Glovebox made. */
export interface GloveboxImage {
  /** The engine's id, `sha256:…`. */
  readonly id: string;
  /** `glovebox/sandbox:0123456789ab`. */
  readonly reference: string;
  /** `user` images are what a user's own Dockerfile or `--image` gave, `certificates` what builds trust on this host, snapshots are sandboxes' files. */
  readonly kind: ImageKind;
  /** What it takes with everything below it; images share their bases. */
  readonly sizeBytes: number;
  readonly createdAt: Date;
  /** Containers made from it, running or not. */
  readonly containers: number;
}

/** The images that Glovebox made, newest first. */
export async function listImages(engine: Docker): Promise<readonly GloveboxImage[]> {
  try {
    const [images, containers] = await Promise.all([
      engine.listImages({ filters: { reference: Object.values(imageRepositories).map((name) => `${name}:*`) } }),
      engine.listContainers({ all: true }),
    ]);
    const found = images.flatMap((image) =>
      (image.RepoTags ?? []).flatMap((reference): GloveboxImage[] => {
        const kind = kindOf(reference);
        if (kind === undefined) return [];
        const users = containers.filter((container) => container.ImageID === image.Id).length;
        const createdAt = new Date(image.Created * 1000);
        return [{ id: image.Id, reference, kind, sizeBytes: image.Size, createdAt, containers: users }];
      }),
    );
    return found.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  } catch (error) {
    throw mapEngineError(error, "listing images");
  }
}

export interface RemoveImagesOptions {
  /** Which to remove, by id, the beginning of an id, or name; all by default. */
  readonly references?: readonly string[];
}

export interface RemovedImages {
  readonly removed: readonly GloveboxImage[];
  /** Left because a container uses them. */
  readonly inUse: readonly GloveboxImage[];
}

/**
 * Removes images that Glovebox made, and no others: a reference that is none of them is `invalid-options`, before
 * anything is removed. What a user's image had as its own names stays. Resolves to what went and what is in use.
 */
export async function removeImages(engine: Docker, options: RemoveImagesOptions = {}): Promise<RemovedImages> {
  const images = await listImages(engine);
  const wanted = options.references?.flatMap((reference) => named(images, reference)) ?? images;
  const removed: GloveboxImage[] = [];
  const inUse: GloveboxImage[] = [];
  for (const image of new Set(wanted)) {
    if (image.containers > 0) inUse.push(image);
    else if (await remove(engine, image)) removed.push(image);
    else inUse.push(image);
  }
  return { removed, inUse };
}

/** False when a container began to use it meanwhile. One that is gone already counts as removed. */
async function remove(engine: Docker, image: GloveboxImage): Promise<boolean> {
  try {
    await engine.getImage(image.reference).remove();
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 409) return false;
    const mapped = mapEngineError(error, `removing the image ${image.reference}`);
    if (mapped.code !== "not-found") throw mapped;
  }
  return true;
}

function named(images: readonly GloveboxImage[], reference: string): readonly GloveboxImage[] {
  const id = reference.replace(/^sha256:/, "");
  const isId = /^[0-9a-f]{4,64}$/.test(id);
  const found = images.filter((image) => {
    if (image.reference === reference || image.reference.split(":")[1] === reference) return true;
    return isId && image.id.startsWith(`sha256:${id}`);
  });
  if (found.length > 0) return found;
  throw new InvalidOptionsError(`No image of Glovebox's is called ${reference}`, {
    providerId: "docker",
    hint: "See `glovebox image ls`.",
  });
}

function kindOf(reference: string): ImageKind | undefined {
  const repository = reference.slice(0, reference.lastIndexOf(":"));
  return (Object.keys(imageRepositories) as ImageKind[]).find((kind) => imageRepositories[kind] === repository);
}
