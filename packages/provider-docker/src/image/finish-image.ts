import type { TemplateLayer } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { mapEngineError } from "../engine/engine-error.ts";
import { checkLayers } from "./check-layers.ts";
import type { PrepareTemplateOptions } from "./prepare-template.ts";
import { tagImage } from "./tag-image.ts";

/** Checks an image that was built and gives it its name. One that fails the check gets none and is removed. */
export async function finishImage(
  engine: Docker,
  id: string,
  reference: string,
  layers: readonly TemplateLayer[],
  options: PrepareTemplateOptions,
): Promise<void> {
  options.onProgress?.({ message: "checking the image" });
  try {
    await checkLayers(engine, id, layers, options.signal);
    await tagImage(engine, id, reference);
  } catch (error) {
    // Its steps stay in the engine's cache; what matters is the error that follows.
    await engine
      .getImage(id)
      .remove()
      .catch(() => undefined);
    throw mapEngineError(error, "checking the image");
  }
}
