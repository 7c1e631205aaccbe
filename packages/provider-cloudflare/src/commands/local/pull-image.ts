import { TemplateError } from "@glovebox/core/provider";
import type Docker from "dockerode";

/**
 * Ensures that the engine has an image of the Worker's settings. Pulls Cloudflare's own even if they exist: the
 * local runtime pulls them at each start, and no container starts if that fails.
 */
export async function requireImage(engine: Docker, reference: string, say: (message: string) => void): Promise<void> {
  say(`Image ${reference}`);
  try {
    if (reference.startsWith("cloudflare/")) await untilDone(engine, await engine.pull(withTag(reference)));
    else await pullThrough(engine, reference);
  } catch (cause) {
    throw new TemplateError(`Cannot pull ${reference} to the local engine`, {
      hint: "Use your own image: `glovebox cloudflare init --own-image`.",
      cause,
    });
  }
}

/** Without a tag, the engine pulls every tag. */
function withTag(reference: string): string {
  return /[:@]/.test(reference.slice(reference.lastIndexOf("/"))) ? reference : `${reference}:latest`;
}

/** Ensures that the engine has an image. */
export async function pullThrough(engine: Docker, reference: string): Promise<void> {
  const isThere = await engine
    .getImage(reference)
    .inspect()
    .then(() => true)
    .catch((error: { readonly statusCode?: number }) => {
      if (error.statusCode === 404) return false;
      throw error;
    });
  if (isThere) return;
  await untilDone(engine, await engine.pull(withTag(reference)));
}

/** Waits for a pull or a build. Rejects with its reason if it fails. */
export function untilDone(engine: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    engine.modem.followProgress(stream, (error, steps: readonly { readonly error?: string }[] = []) => {
      const failure = error?.message ?? steps.find((step) => step.error !== undefined)?.error;
      if (failure === undefined) resolve();
      else reject(new Error(failure));
    });
  });
}
