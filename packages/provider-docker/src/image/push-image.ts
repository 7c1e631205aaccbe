import { SandboxAbortedError } from "@glovebox/core/provider";
import { type PushOptions, parseImageName, pushFailure } from "@glovebox/image-builder";
import type Docker from "dockerode";
import { mapEngineError } from "../engine/engine-error.ts";
import { jsonLines } from "./json-lines.ts";
import { registryAuth } from "./registry-auth.ts";

/** Pushes an image to its registry, with what `docker login` has stored. */
export async function pushImage(engine: Docker, reference: string, options: PushOptions): Promise<void> {
  const { env, signal, onProgress } = options;
  const message = `pushing ${reference}`;
  onProgress?.({ message });
  try {
    const { repository, tag = "latest" } = parseImageName(reference);
    // The engine wants the header of a login also where there is none.
    const authconfig = (await registryAuth(reference, env)) ?? { username: "", password: "", serveraddress: "" };
    const stream = await engine
      .getImage(repository)
      .push({ tag, authconfig, ...(signal === undefined ? {} : { abortSignal: signal }) });
    const layers = new Map<string, boolean>();
    for await (const line of jsonLines(stream as AsyncIterable<Uint8Array>)) {
      if (typeof line.error === "string")
        throw pushFailure(reference, line.error, { providerId: "docker", command: "docker" });
      if (typeof line.id !== "string" || typeof line.status !== "string" || line.id === tag) continue;
      layers.set(line.id, /^(Pushed|Layer already exists|Mounted from)/.test(line.status));
      onProgress?.({ message, done: [...layers.values()].filter(Boolean).length, total: layers.size });
    }
  } catch (cause) {
    if (signal?.aborted) throw new SandboxAbortedError(`Aborted while ${message}`, { providerId: "docker", cause });
    throw mapEngineError(cause, message);
  }
}
