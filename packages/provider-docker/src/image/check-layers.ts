import type { Readable } from "node:stream";
import { SandboxAbortedError, sandboxUser, TemplateError, type TemplateLayer } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { mapEngineError } from "../engine/engine-error.ts";

const maxOutputBytes = 64 * 1024;
const timeoutMs = 60_000;

/** Proves that what the layers name runs in an image as the sandbox's user. Rejects with `template` when one does not. */
export async function checkLayers(
  engine: Docker,
  image: string,
  layers: readonly TemplateLayer[],
  signal?: AbortSignal,
): Promise<void> {
  for (const { id, check } of layers) {
    const { exitCode, output } = await runOnce(engine, image, check.argv, signal);
    if (exitCode === 0 && output.includes(check.prints)) continue;
    const wanted = `\`${check.argv.join(" ")}\` should print ${check.prints}`;
    throw new TemplateError(
      `The image does not run ${id}: ${wanted}, but ended with code ${exitCode}\n${output.trim().slice(-2000)}`,
      { providerId: "docker", hint: "The image's own libraries or programs may not fit; see what it printed." },
    );
  }
}

async function runOnce(
  engine: Docker,
  image: string,
  argv: readonly string[],
  outer: AbortSignal | undefined,
): Promise<{ exitCode: number; output: string }> {
  const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(outer ? [outer] : [])]);
  let container: Docker.Container | undefined;
  try {
    container = await engine.createContainer({
      Image: image,
      Entrypoint: [argv[0] ?? ""],
      Cmd: argv.slice(1),
      User: `${sandboxUser.uid}:${sandboxUser.gid}`,
      Env: [`HOME=${sandboxUser.home}`],
      // Gone by itself, also when this process does not live to remove it.
      HostConfig: { NetworkMode: "none", AutoRemove: true, SecurityOpt: ["no-new-privileges"] },
      abortSignal: signal,
    });
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
      throw new SandboxAbortedError("Stopped while checking the image", { providerId: "docker", cause });
    const mapped = mapEngineError(cause, `running \`${argv.join(" ")}\` in the image`);
    // A program that is missing is refused at the start, as a bad request or as not found.
    if (mapped.code === "invalid-options" || mapped.code === "not-found")
      return { exitCode: 127, output: mapped.message };
    throw mapped;
  } finally {
    // It has mostly removed itself by then, and then there is nothing left to do.
    await container?.remove({ force: true, v: true }).catch(() => undefined);
  }
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
