import { TemplateError } from "@glovebox/core/provider";
import type Docker from "dockerode";

/**
 * Sees to an image that a Worker's settings name. Cloudflare's own are pulled here too, though they may be there: the local
 * runtime pulls them at each start, and where it cannot, no container starts.
 */
export async function requireImage(engine: Docker, reference: string, say: (message: string) => void): Promise<void> {
  say(`Image ${reference}`);
  try {
    if (reference.startsWith("cloudflare/")) await untilDone(engine, await engine.pull(withTag(reference)));
    else await pullThrough(engine, reference);
  } catch (cause) {
    throw new TemplateError(`${reference} cannot be pulled to this machine's engine`, {
      hint: "Take an image of your own for a while: `glovebox cloudflare init --own-image`.",
      cause,
    });
  }
}

/** The engine pulls every tag of a name that has none. */
function withTag(reference: string): string {
  return /[:@]/.test(reference.slice(reference.lastIndexOf("/"))) ? reference : `${reference}:latest`;
}

/** Sees to it that an image is on the engine. */
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

/** Follows a pull or a build to its end. Rejects with the reason that it gives. */
export function untilDone(engine: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    engine.modem.followProgress(stream, (error, steps: readonly { readonly error?: string }[] = []) => {
      const failure = error?.message ?? steps.find((step) => step.error !== undefined)?.error;
      if (failure === undefined) resolve();
      else reject(new Error(failure));
    });
  });
}
