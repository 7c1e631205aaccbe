import { dropUndefined, SandboxAbortedError, SandboxUnavailableError } from "@glovebox/core/provider";
import { type PullOptions, registryKey } from "@glovebox/image-builder";
import type Docker from "dockerode";
import { mapEngineError } from "../engine/engine-error.ts";
import { jsonLines } from "./json-lines.ts";
import { registryAuth } from "./registry-auth.ts";

/** Pulls an image from its registry, with what `docker login` has stored. A name without a tag means `latest`. */
export async function pullImage(engine: Docker, reference: string, options: PullOptions): Promise<void> {
  const { env, signal, onProgress, registryLogin: login } = options;
  const message = `pulling ${reference}`;
  onProgress?.({ message });
  try {
    const authconfig =
      login === undefined
        ? await registryAuth(reference, env)
        : { username: login.username, password: login.password.reveal(), serveraddress: registryKey(reference) };
    const stream = await engine.pull(withTag(reference), dropUndefined({ authconfig, abortSignal: signal }));
    const layers = new Map<string, boolean>();
    for await (const line of jsonLines(stream as AsyncIterable<Uint8Array>)) {
      if (typeof line.error === "string")
        throw new SandboxUnavailableError(`Pulling ${reference}: ${line.error}`, { providerId: "docker" });
      if (typeof line.id !== "string" || typeof line.status !== "string") continue;
      const complete = line.status === "Pull complete" || line.status === "Already exists";
      if (!complete && layers.has(line.id)) continue;
      layers.set(line.id, complete);
      onProgress?.({ message, done: [...layers.values()].filter(Boolean).length, total: layers.size });
    }
  } catch (cause) {
    if (signal?.aborted) throw new SandboxAbortedError(`Aborted while ${message}`, { providerId: "docker", cause });
    throw mapEngineError(cause, message);
  }
}

/** The engine pulls every tag of a name that has none. */
function withTag(reference: string): string {
  const last = reference.slice(reference.lastIndexOf("/") + 1);
  return /[:@]/.test(last) ? reference : `${reference}:latest`;
}
