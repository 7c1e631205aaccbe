import type { Readable } from "node:stream";
import { SandboxAbortedError } from "@glovebox/core/provider";
import { helperContainer, type RunOptions, type RunResult } from "@glovebox/image-builder";
import type Docker from "dockerode";
import { mapEngineError } from "../engine/engine-error.ts";

const maxOutputBytes = 64 * 1024;
const timeoutMs = 60_000;

/** Runs a program in a container without a network, which is removed afterwards. */
export async function runInImage(engine: Docker, image: string, options: RunOptions): Promise<RunResult> {
  const { argv, signal: outer } = options;
  const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(outer ? [outer] : [])]);
  let container: Docker.Container | undefined;
  try {
    container = await createHelper(engine, image, options, signal);
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    const ended = container.wait({ condition: "next-exit", abortSignal: signal });
    const [output, status] = await Promise.all([
      readFrames(stream as unknown as Readable, signal),
      ended,
      container.start(),
    ]);
    return { exitCode: Number(status.StatusCode), output };
  } catch (cause) {
    if (outer?.aborted)
      throw new SandboxAbortedError("Aborted while checking the image", { providerId: "docker", cause });
    const mapped = mapEngineError(cause, `running \`${argv.join(" ")}\` in the image`);
    // A missing program makes the start fail, as a bad request or as not found.
    if (mapped.code === "invalid-options" || mapped.code === "not-found")
      return { exitCode: 127, output: mapped.message };
    throw mapped;
  } finally {
    // It has mostly removed itself by then, and then there is nothing left to do.
    await container?.remove({ force: true, v: true }).catch(() => undefined);
  }
}

function createHelper(
  engine: Docker,
  image: string,
  { argv, user, env }: RunOptions,
  abortSignal: AbortSignal,
): Promise<Docker.Container> {
  const { name, labels } = helperContainer("check");
  return engine.createContainer({
    name,
    Labels: labels,
    Image: image,
    Entrypoint: [argv[0] ?? ""],
    Cmd: argv.slice(1),
    User: user,
    Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
    // Removed by the engine once it has run, also if this process does not live to remove it.
    HostConfig: { NetworkMode: "none", AutoRemove: true, SecurityOpt: ["no-new-privileges"] },
    abortSignal,
  });
}

/** Both streams of a container's output together, without the engine's frame headers. */
async function readFrames(stream: Readable, signal: AbortSignal): Promise<string> {
  const stop = () => stream.destroy(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= maxOutputBytes) chunks.push(chunk);
    }
    const all = Buffer.concat(chunks);
    let text = "";
    for (let at = 0; at + 8 <= all.length; ) {
      const end = at + 8 + all.readUInt32BE(at + 4);
      text += all.toString("utf8", at + 8, Math.min(end, all.length));
      at = end;
    }
    return text;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
