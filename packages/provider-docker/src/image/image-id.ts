import { SandboxError } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { withDeadline } from "../container/with-deadline.ts";

const inspectTimeoutMs = 20_000;

/** The id of the image with this name, or `undefined` when the engine has none. */
export async function imageId(engine: Docker, reference: string, signal?: AbortSignal): Promise<string | undefined> {
  const looking = { doing: `looking for the image ${reference}`, timeoutMs: inspectTimeoutMs, signal };
  try {
    const found = await withDeadline(looking, () => engine.getImage(reference).inspect());
    return found.Id;
  } catch (error) {
    if (SandboxError.isInstance(error) && error.code === "not-found") return undefined;
    throw error;
  }
}
