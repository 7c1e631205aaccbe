import { dropUndefined, SandboxError, TemplateError } from "@glovebox/core/provider";
import type { ImageEngine } from "../engine/image-engine.ts";
import type { PrepareTemplateOptions } from "../image/prepare-template-options.ts";
import { parseImageName } from "../registry/image-name.ts";
import { RegistryClient } from "../registry/registry-client.ts";

/** A user's image under a name that always means the same bytes. */
export interface PinnedImage {
  /** `python@sha256:…` in a registry; the name or the id of an image that only the engine has. */
  readonly reference: string;
  /** Whether a registry has it, so that other machines can pull it. */
  readonly isInRegistry: boolean;
}

/**
 * Finds what an image's name means at the moment: its registry is asked first, then the engine, for images that were only
 * built here. Rejects with `template` where neither knows it.
 */
export async function pinImage(
  reference: string,
  engine: () => Promise<ImageEngine>,
  { registryLogin, signal, env }: PrepareTemplateOptions = {},
): Promise<PinnedImage> {
  const name = parseImageName(reference);
  if (name.digest !== undefined) return { reference: `${name.repository}@${name.digest}`, isInRegistry: true };
  // Names that Glovebox gives are on no registry: what a public one has under them is somebody else's.
  if (reference.startsWith("glovebox/")) return { reference, isInRegistry: false };
  const login = registryLogin && { username: registryLogin.username, secret: registryLogin.password };
  const client = new RegistryClient(dropUndefined({ env, login }));
  let failure: SandboxError | undefined;
  try {
    const digest = await client.resolve(reference, { signal });
    if (digest !== undefined) return { reference: `${name.repository}@${digest}`, isInRegistry: true };
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code === "aborted") throw error;
    failure = error;
  }
  const id = await idOnEngine(reference, engine, signal);
  if (id !== undefined) return { reference: id, isInRegistry: false };
  throw new TemplateError(failure?.message ?? `The registry ${name.registry} has no image ${reference}`, {
    hint: failure?.hint ?? "Check the name and the tag.",
    retryable: failure?.retryable ?? false,
    cause: failure,
  });
}

async function idOnEngine(
  reference: string,
  engine: () => Promise<ImageEngine>,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    return (await (await engine()).inspect(reference, { signal }))?.id;
  } catch (error) {
    // Without an engine there is nothing to look for; what the registry answered is reported.
    if (!SandboxError.isInstance(error) || error.code === "aborted") throw error;
    return undefined;
  }
}
