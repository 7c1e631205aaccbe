import { type ChildProcess, spawn } from "node:child_process";
import type { ServerHttp2Stream } from "node:http2";
import pLimit from "p-limit";
import { endTrailer, errorTrailer, type Failure, type FileOperation } from "../../protocol/messages.ts";
import type { GuestConfig } from "../guest-config.ts";
import { startedAs } from "../processes/as-user.ts";
import { raiseOomScore } from "../processes/oom-score.ts";
import { processMarker } from "../processes/process-tree.ts";
import { root } from "../root.ts";
import { SupervisorFailure } from "../supervisor-failure.ts";
import { respondFailure } from "./respond.ts";

const maxErrorBytes = 64 * 1024;
const lingerMs = 5_000;

/** Operations that end soon, of which a host may request hundreds at once: each helper has a dozen threads. */
const shortOperations: ReadonlySet<FileOperation> = new Set(["stat", "list", "mkdir", "move", "remove"]);
const limitHelpers = pLimit(4);

/**
 * Does one file operation in a helper that is the user, so that the kernel judges it as the user. An archive of a sandbox
 * with a root of its own is read as root: work that root did there comes back as well. The request's body is
 * the helper's input as it is; the helper's output is the answer's. A trailer says how it ended.
 */
export function serveFile(stream: ServerHttp2Stream, operation: FileOperation, config: GuestConfig): Promise<void> {
  const work = (): Promise<void> => runHelper(stream, operation, config);
  return shortOperations.has(operation) ? limitHelpers(work) : work();
}

async function runHelper(stream: ServerHttp2Stream, operation: FileOperation, config: GuestConfig): Promise<void> {
  const helper = await startHelper(operation, config);
  const errors: Buffer[] = [];
  let errorBytes = 0;
  helper.stderr?.on("data", (chunk: Buffer) => {
    errorBytes += chunk.length;
    if (errorBytes <= maxErrorBytes) errors.push(chunk);
  });
  for (const pipe of [helper.stdin, helper.stdout, helper.stderr]) pipe?.on("error", () => {});
  helper.stdout?.once("data", () => respond(stream));
  if (helper.stdin !== null) stream.pipe(helper.stdin);
  helper.stdout?.pipe(stream, { end: false });
  stream.once("close", () => abandon(helper));
  const code = await new Promise<number | null>((resolve) => helper.once("close", resolve));
  if (stream.destroyed) return;
  // What the host still sends is discarded.
  stream.resume();
  const failure = code === 0 ? undefined : readFailure(Buffer.concat(errors), operation);
  if (failure !== undefined && !stream.headersSent) return respondFailure(stream, failure);
  respond(stream);
  stream.once("wantTrailers", () => stream.sendTrailers(trailers(failure)));
  stream.end();
}

function respond(stream: ServerHttp2Stream): void {
  if (!stream.headersSent && !stream.destroyed) stream.respond({ ":status": 200 }, { waitForTrailers: true });
}

function trailers(failure: SupervisorFailure | undefined): Record<string, string> {
  if (failure === undefined) return { [endTrailer]: "1" };
  const reply: Failure = { code: failure.code, message: failure.message };
  return { [errorTrailer]: Buffer.from(JSON.stringify(reply)).toString("base64url") };
}

async function startHelper(operation: FileOperation, config: GuestConfig): Promise<ChildProcess> {
  const restoreOomScore = raiseOomScore();
  const user = operation === "get" && config.rootInside ? root : config;
  try {
    const helper = spawn(process.execPath, [process.argv[1] ?? "", "files", operation], {
      stdio: "pipe",
      env: { [processMarker]: "files", PATH: process.env.PATH, HOME: config.home },
      cwd: "/",
      ...startedAs(user),
      detached: true,
    });
    await new Promise((resolve, reject) => helper.once("spawn", resolve).once("error", reject));
    return helper;
  } catch (error) {
    throw new SupervisorFailure("file", `The file helper cannot be started: ${(error as NodeJS.ErrnoException).code}.`);
  } finally {
    restoreOomScore();
  }
}

/** The host has gone: the helper's input ends without the end marker, so it rolls back what it began. */
function abandon(helper: ChildProcess): void {
  helper.stdin?.destroy();
  helper.stdout?.destroy();
  if (helper.exitCode !== null || helper.signalCode !== null) return;
  const timer = setTimeout(() => helper.kill("SIGKILL"), lingerMs);
  helper.once("exit", () => clearTimeout(timer));
}

function readFailure(reply: Buffer, operation: FileOperation): SupervisorFailure {
  try {
    const { code, message, entries } = JSON.parse(reply.toString("utf8")) as Failure;
    const known = code === "not-found" || code === "large" ? code : "file";
    return new SupervisorFailure(known, String(message), entries === undefined ? {} : { entries });
  } catch {
    return new SupervisorFailure("file", `The file helper ended before it had finished (${operation}).`);
  }
}
