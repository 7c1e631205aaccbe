import type Docker from "dockerode";
import { mapEngineError } from "../engine/engine-error.ts";

/** Gives an image a name; a name that another image has moves to this one. */
export async function tagImage(engine: Docker, id: string, reference: string): Promise<void> {
  const [repo = "", tag = ""] = reference.split(":");
  try {
    await engine.getImage(id).tag({ repo, tag });
  } catch (error) {
    throw mapEngineError(error, `naming the image ${reference}`);
  }
}
