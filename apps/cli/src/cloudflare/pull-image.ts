import { TemplateError } from "@glovebox/core/provider";
import type Docker from "dockerode";

/** Sees to the image that a Worker's settings name, which Cloudflare has and this machine's engine may lack. */
export async function requireImage(engine: Docker, reference: string, say: (message: string) => void): Promise<void> {
  say(`Image ${reference}`);
  try {
    await pullThrough(engine, reference);
  } catch (cause) {
    throw new TemplateError(`${reference} is not on this machine's engine, and cannot be pulled`, {
      hint: "Bring it with `docker load`, or take an image of your own: `glovebox cloudflare init --own-image`.",
      cause,
    });
  }
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
  await untilDone(engine, await engine.pull(reference));
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
