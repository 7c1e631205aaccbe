import type { Readable } from "node:stream";
import { SandboxAbortedError, TemplateError } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { mapEngineError } from "../engine/engine-error.ts";
import { imageLabel } from "./image-names.ts";
import { jsonLines } from "./json-lines.ts";

export interface ImportImageOptions {
  /** The name that the image gets, with its tag. */
  readonly reference: string;
  /** The root file system, as a tar stream. */
  readonly tar: Readable;
  /** Dockerfile instructions for the image's configuration: `ENV …`, `CMD …`. */
  readonly changes: readonly string[];
  readonly signal?: AbortSignal;
}

/** Makes an image of a root file system. */
export async function importImage(engine: Docker, options: ImportImageOptions): Promise<void> {
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
      throw new SandboxAbortedError(`Stopped while importing ${reference}`, { providerId: "docker", cause });
    throw mapEngineError(cause, `importing the image ${reference}`);
  } finally {
    options.tar.destroy();
  }
}
