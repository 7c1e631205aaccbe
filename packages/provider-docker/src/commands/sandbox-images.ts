import type { TemplateLayer } from "@glovebox/core/provider";
import type { GloveboxImage } from "@glovebox/image-builder";
import type Docker from "dockerode";
import { parseDockerSettings } from "../docker-settings.ts";
import { listImages, prepareTemplate } from "../image/docker-images.ts";

/** The sandbox images of an engine, by whether this version uses them. */
export interface SandboxImages {
  /** The one that a run without an image of its own starts from; absent until it is built. */
  readonly current?: GloveboxImage;
  /** Older ones, which no run of this version uses. */
  readonly older: readonly GloveboxImage[];
}

/** Finds the image that a run would use by preparing it, and aborts at once where that begins to build one. */
export async function findSandboxImages(
  engine: Docker,
  settings: Readonly<Record<string, unknown>>,
  layers: readonly TemplateLayer[],
): Promise<SandboxImages> {
  const images = (await listImages(engine)).filter(({ kind }) => kind === "sandbox");
  const { host: _, runtime: __, ...imageSettings } = parseDockerSettings(settings);
  const building = new AbortController();
  try {
    const { reference } = await prepareTemplate(
      engine,
      { base: { kind: "default" }, layers },
      { ...imageSettings, signal: building.signal, onProgress: () => building.abort() },
    );
    const current = images.find((image) => image.reference === reference);
    const older = images.filter((image) => current !== undefined && image.createdAt < current.createdAt);
    return { ...(current === undefined ? {} : { current }), older };
  } catch (error) {
    if (building.signal.aborted) return { older: images };
    throw error;
  }
}
