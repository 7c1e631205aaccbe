import { sandboxUser, TemplateError, type TemplateLayer } from "@glovebox/core/provider";
import type { ImageCallOptions, ImageEngine } from "../engine/image-engine.ts";

export interface FinishImageOptions extends ImageCallOptions {
  readonly layers: readonly TemplateLayer[];
  /** Takes the name from an image that has it. */
  readonly replace: boolean;
}

/**
 * Checks an image that was built and gives it its name. Resolves to the id of the image with the name: where another
 * process was faster with an equal one, that one stays, unless it is to be replaced. An image left without a name, as one that fails its check, is removed.
 */
export async function finishImage(
  engine: ImageEngine,
  id: string,
  reference: string,
  options: FinishImageOptions,
): Promise<string> {
  try {
    for (const layer of options.layers) await checkLayer(engine, id, layer, options);
  } catch (error) {
    await removeNameless(engine, id);
    throw error;
  }
  return nameBuiltImage(engine, id, reference, options.replace);
}

/** As {@link finishImage} does after its check. */
export async function nameBuiltImage(
  engine: ImageEngine,
  id: string,
  reference: string,
  replace: boolean,
): Promise<string> {
  const previous = (await engine.inspect(reference))?.id;
  const kept = previous !== undefined && !replace ? previous : id;
  if (kept === id) await engine.tag(id, reference);
  const dropped = kept === id ? previous : id;
  if (dropped !== undefined && dropped !== kept) await removeNameless(engine, dropped);
  return kept;
}

/** Removes an image that was built and has no name. One that a container or another name uses stays. */
export async function removeNameless(engine: ImageEngine, id: string): Promise<void> {
  const facts = await engine.inspect(id);
  if (facts?.names.length === 0) await engine.remove(id);
}

/** Proves that a layer's check passes in an image as the sandbox's user. Rejects with `template` when it does not. */
async function checkLayer(
  engine: ImageEngine,
  image: string,
  { id, check }: TemplateLayer,
  { signal }: ImageCallOptions,
): Promise<void> {
  const { uid, gid, home } = sandboxUser;
  const run = { argv: check.argv, user: `${uid}:${gid}`, env: { HOME: home }, signal };
  const { exitCode, output } = await engine.run(image, run);
  if (exitCode === 0 && output.includes(check.prints)) return;
  const expected = `\`${check.argv.join(" ")}\` should print ${check.prints}`;
  throw new TemplateError(
    `The image does not run ${id}: ${expected}, but it exited with code ${exitCode}\n${output.trim().slice(-2000)}`,
    {
      providerId: engine.providerId,
      hint: "The image's own libraries or programs may be incompatible; see the output above.",
    },
  );
}
