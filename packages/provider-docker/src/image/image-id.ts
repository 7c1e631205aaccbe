import type Docker from "dockerode";
import { mapEngineError } from "../engine/engine-error.ts";

/** The id of the image with this name, or `undefined` when the engine has none. */
export async function imageId(engine: Docker, reference: string, signal?: AbortSignal): Promise<string | undefined> {
  signal?.throwIfAborted();
  try {
    const found = await engine.getImage(reference).inspect();
    return found.Id;
  } catch (error) {
    const mapped = mapEngineError(error, `looking for the image ${reference}`);
    if (mapped.code === "not-found") return undefined;
    throw mapped;
  }
}
