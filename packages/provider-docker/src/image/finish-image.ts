import type { TemplateLayer } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { checkLayers } from "./check-layers.ts";
import type { PrepareTemplateOptions } from "./prepare-template-options.ts";
import { nameBuiltImage, removeNameless } from "./tag-image.ts";

/** Checks an image that was built and gives it its name; resolves to the id of the image with it. One that fails the check gets none and is removed. */
export async function finishImage(
  engine: Docker,
  id: string,
  reference: string,
  layers: readonly TemplateLayer[],
  options: PrepareTemplateOptions,
): Promise<string> {
  options.onProgress?.({ message: "checking the image" });
  try {
    await checkLayers(engine, id, layers, options.signal);
  } catch (error) {
    await removeNameless(engine, id);
    throw error;
  }
  return nameBuiltImage(engine, id, reference, options.rebuild === true);
}
