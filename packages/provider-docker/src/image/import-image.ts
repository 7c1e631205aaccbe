import { SandboxAbortedError, TemplateError } from "@glovebox/core/provider";
import { type ImportOptions, imageLabel } from "@glovebox/image-builder";
import type Docker from "dockerode";
import { mapEngineError } from "../engine/engine-error.ts";
import { jsonLines } from "./json-lines.ts";

/** Makes an image of a root file system. */
export async function importImage(engine: Docker, options: ImportOptions): Promise<void> {
  const { reference, signal } = options;
  const [repo = "", tag = ""] = reference.split(":");
  const changes = [`LABEL ${imageLabel}=1`, ...options.changes];
  try {
    const stream = await engine.importImage(options.tar, {
      repo,
      tag,
      changes,
      ...(signal && { abortSignal: signal }),
    });
    for await (const message of jsonLines(stream as AsyncIterable<Uint8Array>)) {
      if (typeof message.error === "string") {
        throw new TemplateError(`Importing the image ${reference}: ${message.error}`, { providerId: "docker" });
      }
    }
  } catch (cause) {
    if (signal?.aborted)
      throw new SandboxAbortedError(`Aborted while importing ${reference}`, { providerId: "docker", cause });
    throw mapEngineError(cause, `importing the image ${reference}`);
  } finally {
    options.tar.destroy();
  }
}
