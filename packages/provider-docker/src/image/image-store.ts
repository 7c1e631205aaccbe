import type Docker from "dockerode";

/** An image that Glovebox made. */
export interface GloveboxImage {
  /** The engine's id, `sha256:…`. */
  readonly id: string;
  /** `glovebox/sandbox:0123456789ab`; absent when a newer build took the name. */
  readonly reference?: string;
  readonly kind: "sandbox" | "base" | "user";
  readonly sizeBytes: number;
  readonly createdAt: Date;
  /** Containers made from it, running or not. */
  readonly containers: number;
}

/** The images that Glovebox made, newest first. */
export async function listImages(
  _engine: Docker,
  _options?: { readonly signal?: AbortSignal },
): Promise<readonly GloveboxImage[]> {
  return [];
}

export interface RemoveImagesOptions {
  /** Which to remove, by id or reference; all by default. Names of images that are not Glovebox's are `invalid-options`. */
  readonly references?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface RemovedImages {
  readonly removed: readonly GloveboxImage[];
  /** Left because a container uses them. */
  readonly inUse: readonly GloveboxImage[];
}

export async function removeImages(_engine: Docker, _options: RemoveImagesOptions = {}): Promise<RemovedImages> {
  return { removed: [], inUse: [] };
}
