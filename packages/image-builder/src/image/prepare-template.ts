import {
  SandboxAbortedError,
  SandboxError,
  SandboxQuotaError,
  type Template,
  type TemplateSpec,
} from "@glovebox/core/provider";
import type { ImageEngine } from "../engine/image-engine.ts";
import { packageHosts } from "../packages/package-hosts.ts";
import { derivedImage } from "../user/derived-image.ts";
import { defaultImage } from "./default-image.ts";
import type { PrepareTemplateOptions } from "./prepare-template-options.ts";

/**
 * Makes or finds the image for a template. `reference` is an image's name on this engine; `digest` covers everything that
 * went in. What exists is found by its name, and then nothing but the engine is contacted.
 *
 * Rejects with `template` when a build, a pull or a harness's check fails: the message names the step and ends with its
 * output. Aborting ends the build; the engine removes its containers.
 */
export async function prepareTemplate(
  engine: ImageEngine,
  spec: TemplateSpec,
  options: PrepareTemplateOptions = {},
): Promise<Template> {
  try {
    options.signal?.throwIfAborted();
    const { base, layers } = spec;
    // A rebuild of a user's image leaves the default image, which its files are copied from, alone.
    const { rebuild: _, ...rest } = options;
    const own = await defaultImage(engine, layers, base.kind === "default" ? options : rest);
    const image = base.kind === "default" ? own : await derivedImage(engine, base, own, layers, options);
    const { reference, digest, reused, notice } = image;
    const hosts = await packageHosts(engine, image.id, options);
    const template = { reference, digest: `sha256:${digest}`, packageHosts: hosts, reused };
    return { providerId: engine.providerId, ...template, ...(notice === undefined ? {} : { notice }) };
  } catch (error) {
    throw mapFailure(error, engine.providerId, options.signal);
  }
}

/** Maps failures of this host, such as a full disk. The engine's own are `SandboxError`s already. */
function mapFailure(error: unknown, providerId: string, signal: AbortSignal | undefined): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  const options = { providerId, cause: error };
  if (signal?.aborted) return new SandboxAbortedError("Aborted while preparing the image", options);
  const message = `Preparing the image failed: ${error instanceof Error ? error.message : String(error)}`;
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (code === "ENOSPC" || code === "EDQUOT")
    return new SandboxQuotaError(message, { ...options, hint: "Free some disk space on this host." });
  return new SandboxError("internal", message, options);
}
