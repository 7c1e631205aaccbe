import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { createGunzip } from "node:zlib";
import type { RunDetail } from "@glovebox/client";
import { type CollectedFiles, defaultIgnores, type RunResult, receiveFiles } from "@glovebox/core";
import { dropUndefined } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { worstExitCode } from "../exit-codes.ts";
import type { Environment } from "../terminal.ts";
import type { MirrorRecord, RunMirror } from "./run-mirror.ts";
import type { Server } from "./server/server.ts";

export interface ReceiveRunOptions {
  readonly server: Server;
  readonly mirror: RunMirror;
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
  onProgress?(message: string, done?: number, total?: number): void;
  onWarning?(message: string): void;
}

const resultsIncomplete = 5;

/** The result of a run that has ended, as the server has it: without files. */
export function resultOf(run: RunDetail): RunResult {
  // As the server's own core wrote it; what a run without one came to is in its summary.
  if (run.result !== undefined) return run.result as RunResult;
  const {
    id,
    outcome = "cancelled",
    reason = "The run never started",
    exitCode,
    harness,
    provider,
    createdAt,
    startedAt,
    durationMs = 0,
  } = run;
  return {
    ...{ v: 1, runId: id, outcome, reason, harnessId: harness, providerId: provider, durationMs },
    startedAt: startedAt ?? createdAt,
    exitCode: exitCode ?? (outcome === "cancelled" ? 130 : 4),
    cleanup: { state: "clean" },
  };
}

/**
 * Brings the files of a run that has ended to this machine, once, and returns its result with them. Where some of them are
 * missing, the exit code says so unless it is a worse one already.
 */
export async function receiveRun(run: RunDetail, record: MirrorRecord, options: ReceiveRunOptions): Promise<RunResult> {
  const { server, mirror } = options;
  const received = mirror.result(run.id);
  if (received !== undefined) return received;
  const result = resultOf(run);
  const manifest = await server.manifest(run.id);
  if (manifest === undefined) {
    mirror.keepResult(result);
    return result;
  }
  const files = await receive(run.id, manifest as CollectedFiles & { baseline?: unknown }, record, options);
  const exitCode = files.complete ? result.exitCode : worstExitCode([result.exitCode, resultsIncomplete]);
  const whole = { ...result, exitCode, files };
  if (files.complete || !manifest.complete) mirror.keepResult(whole);
  return whole;
}

async function receive(
  runId: string,
  { baseline, ...files }: CollectedFiles & { readonly baseline?: unknown },
  { outputDirectory, workspace, overwrite, ignore = [] }: MirrorRecord,
  { server, mirror, env, signal, ...hear }: ReceiveRunOptions,
): Promise<CollectedFiles> {
  const runDirectory = mirror.runDirectory(runId);
  const kept = (files.repositories ?? []).filter(({ state }) => state === "restored").length;
  if (kept > 0) hear.onWarning?.("The repositories that the agent made stay on the server; their files are received");
  const body = await server.archive(runId, signal);
  return await receiveFiles({
    ...{ files, outputDirectory, runDirectory, home: stateDirectory(env), baseline },
    ...dropUndefined({ workspace, overwrite, signal, onProgress: hear.onProgress?.bind(hear) }),
    archive: gunzip(body),
    ignore: [...defaultIgnores, ...ignore],
    ...(files.bundle === undefined ? {} : { bundle: await receiveBundle(runId, runDirectory, server, signal) }),
    onWarning: (_, message) => hear.onWarning?.(message),
  });
}

async function* gunzip(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const plain = createGunzip();
  const ended = pipeline(Readable.fromWeb(body as NodeReadableStream<Uint8Array>), plain);
  // Whoever reads it gets the error too.
  ended.catch(() => {});
  yield* plain;
}

async function receiveBundle(runId: string, runDirectory: string, server: Server, signal: AbortSignal | undefined) {
  const file = join(runDirectory, "commits.bundle");
  const body = await server.bundle(runId, signal);
  await pipeline(Readable.fromWeb(body as NodeReadableStream<Uint8Array>), createWriteStream(file, { mode: 0o600 }));
  return file;
}
