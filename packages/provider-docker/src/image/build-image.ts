import type { IncomingMessage } from "node:http";
import { dropUndefined, SandboxAbortedError, TemplateError } from "@glovebox/core/provider";
import type { BuildOptions } from "@glovebox/image-builder";
import type Docker from "dockerode";
import { engineReason, mapEngineError } from "../engine/engine-error.ts";
import { BuildLog } from "./build-log.ts";
import { jsonLines } from "./json-lines.ts";

export interface BuildImageOptions extends BuildOptions {
  /** `1` is the classic builder, `2` BuildKit; the newest that the engine has by default. */
  readonly builder?: "1" | "2";
}

/**
 * Builds an image through the engine's API, with BuildKit where the engine has it, and resolves to the image's id. The
 * image has no name yet. Rejects with `template` when a step fails: the message names the step and ends with the end of
 * its output. Aborting ends the build, and the engine removes its containers.
 */
export async function buildImage(engine: Docker, options: BuildImageOptions): Promise<string> {
  const { signal, what } = options;
  const version = options.builder ?? (await builderVersion(engine));
  const log = new BuildLog(options.onProgress);
  let stream: IncomingMessage | undefined;
  const stop = () => stream?.destroy(signal?.reason);
  try {
    stream = await startBuild(engine, options, version);
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
    for await (const message of jsonLines(stream)) log.take(message);
  } catch (cause) {
    if (signal?.aborted)
      throw new SandboxAbortedError(`Aborted while building ${what}`, { providerId: "docker", cause });
    throw refusedBuild(cause, options);
  } finally {
    signal?.removeEventListener("abort", stop);
    options.context.destroy();
  }
  const failure = log.failure();
  if (failure !== undefined) throw failedBuild(failure, options);
  if (log.imageId === undefined) {
    throw new TemplateError(`The engine ended the build of ${what} without an image`, { providerId: "docker" });
  }
  return log.imageId;
}

/** `2` is BuildKit: every Docker engine from API 1.39 on has it, other engines that speak this API do not. */
async function builderVersion(engine: Docker): Promise<"1" | "2"> {
  const version = await engine.version().catch((error: unknown) => {
    throw mapEngineError(error, "asking for its version");
  });
  const [major = 0, minor = 0] = version.ApiVersion.split(".").map(Number);
  const isDocker = version.Components?.some((component) => component.Name === "Engine") ?? false;
  return isDocker && version.Os === "linux" && (major > 1 || minor >= 39) ? "2" : "1";
}

function startBuild(engine: Docker, options: BuildImageOptions, version: "1" | "2"): Promise<IncomingMessage> {
  const query = {
    version,
    dockerfile: options.dockerfile,
    buildargs: JSON.stringify(options.buildArgs),
    labels: JSON.stringify(options.labels),
    rm: "1",
    forcerm: "1",
    ...(options.noCache === true && { nocache: "1" }),
  };
  return new Promise((resolve, reject) => {
    // dockerode's own buildImage opens a session for BuildKit, which it does not close when a build fails.
    engine.modem.dial(
      {
        path: "/build?",
        method: "POST",
        options: query,
        file: options.context,
        isStream: true,
        statusCodes: { 200: true, 400: "bad parameter", 500: "server error" },
        ...(options.signal && { abortSignal: options.signal }),
      },
      // A streaming answer is always an IncomingMessage; the callback's type covers every kind of call.
      (error, answer) => (error ? reject(error) : resolve(answer as IncomingMessage)),
    );
  });
}

function refusedBuild(cause: unknown, options: BuildImageOptions): Error {
  const mapped = mapEngineError(cause, `building ${options.what}`);
  const status = (cause as { statusCode?: number }).statusCode;
  // The engine answers with a status, before any step, when the Dockerfile cannot be parsed.
  if ((status !== 400 && status !== 500) || mapped.code === "quota") return mapped;
  return failedBuild(engineReason(cause), options, cause);
}

function failedBuild(failure: string, { what, hint }: BuildImageOptions, cause?: unknown): TemplateError {
  return new TemplateError(`Building ${what}: ${failure}`, dropUndefined({ providerId: "docker", hint, cause }));
}
