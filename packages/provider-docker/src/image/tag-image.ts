import type Docker from "dockerode";
import { mapEngineError } from "../engine/engine-error.ts";
import { imageId } from "./image-id.ts";

/** Gives an image a name; a name that another image has moves to this one. */
export async function tagImage(engine: Docker, id: string, reference: string): Promise<void> {
  const [repo = "", tag = ""] = reference.split(":");
  try {
    await engine.getImage(id).tag({ repo, tag });
  } catch (error) {
    throw mapEngineError(error, `naming the image ${reference}`);
  }
}

/**
 * Gives an image that was just built its name. Where another process was faster with an equal one, that one stays, unless
 * it is to be replaced; whichever is left without a name is removed. Resolves to the id of the image with the name.
 */
export async function nameBuiltImage(engine: Docker, id: string, reference: string, replace: boolean): Promise<string> {
  const previous = await imageId(engine, reference);
  const stays = previous !== undefined && !replace ? previous : id;
  if (stays === id) await tagImage(engine, id, reference);
  const goes = stays === id ? previous : id;
  if (goes !== undefined && goes !== stays) await removeNameless(engine, goes);
  return stays;
}

/** Removes an image that was built and has no name. One that a container or another name uses stays. */
export async function removeNameless(engine: Docker, id: string): Promise<void> {
  try {
    const { RepoTags } = await engine.getImage(id).inspect();
    if ((RepoTags ?? []).length === 0) await engine.getImage(id).remove();
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode !== 404 && statusCode !== 409) throw mapEngineError(error, "removing an image");
  }
}
