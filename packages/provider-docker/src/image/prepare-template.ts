import type { Template, TemplateSpec } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { mapEngineError } from "../engine/engine-error.ts";
import { defaultImage } from "./default-image.ts";
import { derivedImage } from "./derived-image.ts";
import { packageHosts } from "./package-hosts.ts";
import type { PrepareTemplateOptions } from "./prepare-template-options.ts";

/**
 * Makes or finds the image for a template. `reference` is an image's name on this engine; `digest` covers everything that
 * went in. What exists is found by its name, and then nothing but the engine is contacted.
 *
 * Rejects with `template` when a build, a pull or a harness's check fails: the message names the step and ends with its
 * output. Aborting ends the build; the engine removes its containers.
 */
export async function prepareTemplate(
  engine: Docker,
  spec: TemplateSpec,
  options: PrepareTemplateOptions = {},
): Promise<Template> {
  try {
    options.signal?.throwIfAborted();
    const { base, layers } = spec;
    // A user's image is built anew without building anew what goes on top of it.
    const { rebuild, ...rest } = options;
    const own = await defaultImage(engine, layers, base.kind === "default" ? options : rest);
    const image = base.kind === "default" ? own : await derivedImage(engine, base, own, layers, options);
    const { reference, digest, reused } = image;
    const hosts = await packageHosts(engine, image.id, options);
    return { providerId: "docker", reference, digest: `sha256:${digest}`, packageHosts: hosts, reused };
  } catch (error) {
    throw mapEngineError(error, "preparing the image");
  }
}
