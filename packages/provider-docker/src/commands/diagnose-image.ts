import type { Finding, TemplateLayer } from "@glovebox/core/provider";
import { formatBytes } from "@glovebox/core/text";
import { parseDockerSettings } from "../docker-settings.ts";
import { createEngine, resolveEngineEndpoint } from "../engine/engine-endpoint.ts";
import { findSandboxImages } from "./sandbox-images.ts";

/** Looks whether the image that a run without an image of its own starts from is built. */
export async function diagnoseImage(
  settings: Readonly<Record<string, unknown>>,
  layers: readonly TemplateLayer[],
): Promise<readonly Finding[]> {
  const { host } = parseDockerSettings(settings);
  const engine = createEngine(await resolveEngineEndpoint(host === undefined ? {} : { host }));
  const { current, older } = await findSandboxImages(engine, settings, layers);
  if (current === undefined) {
    const hint = "The first run builds it, or build it now: `glovebox image build`.";
    return [{ name: "image", status: "notice", message: "The sandbox image is not built yet", hint }];
  }
  const more = older.length === 0 ? "" : `; ${older.length} older, which \`glovebox image rm --old\` removes`;
  return [{ name: "image", status: "ok", message: `${current.reference}, ${formatBytes(current.sizeBytes)}${more}` }];
}
