import { type ChildProcess, spawn } from "node:child_process";
import type { ServerHttp2Stream } from "node:http2";
import { endTrailer, errorTrailer, type Failure, type FileOperation } from "../protocol/messages.ts";
import type { GuestConfig } from "./guest-config.ts";
import { raiseOomScore } from "./oom-score.ts";
import { processMarker } from "./process-tree.ts";
import { respondFailure } from "./respond.ts";
import { SupervisorFailure } from "./supervisor-failure.ts";
import { Turnstile } from "./turnstile.ts";

const maxErrorBytes = 64 * 1024;
const lingerMs = 5_000;

/** Those that end by themselves soon, of which a host may ask for hundreds at once: each helper has a dozen threads. */
const shortOperations: ReadonlySet<FileOperation> = new Set(["stat", "list", "mkdir", "move", "remove"]);
const turnstile = new Turnstile(4);

/**
 * Does one file operation in a helper that is the user, so that the kernel judges it as the user. The request's body is
 * the helper's input as it is; the helper's output is the answer's. A trailer says how it ended.
 */
export function serveFile(stream: ServerHttp2Stream, operation: FileOperation, config: GuestConfig): Promise<void> {
  const work = (): Promise<void> => runHelper(stream, operation, config);
  return shortOperations.has(operation) ? turnstile.run(work) : work();
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
  // What the host still sends is of no use any more.
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
  const told: Failure = { code: failure.code, message: failure.message };
  return { [errorTrailer]: Buffer.from(JSON.stringify(told)).toString("base64url") };
}

async function startHelper(operation: FileOperation, config: GuestConfig): Promise<ChildProcess> {
  const restoreOomScore = raiseOomScore();
  try {
    const helper = spawn(process.execPath, [process.argv[1] ?? "", "files", operation], {
      stdio: "pipe",
      env: { [processMarker]: "files", PATH: process.env.PATH, HOME: config.home },
      cwd: "/",
      uid: config.uid,
      gid: config.gid,
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

/** The host has gone: the helper sees its input end without the end marker, and undoes what it began. */
function abandon(helper: ChildProcess): void {
  helper.stdin?.destroy();
  helper.stdout?.destroy();
  if (helper.exitCode !== null || helper.signalCode !== null) return;
  const timer = setTimeout(() => helper.kill("SIGKILL"), lingerMs);
  helper.once("exit", () => clearTimeout(timer));
}

function readFailure(told: Buffer, operation: FileOperation): SupervisorFailure {
  try {
    const { code, message, entries } = JSON.parse(told.toString("utf8")) as Failure;
    const known = code === "not-found" || code === "large" ? code : "file";
    return new SupervisorFailure(known, String(message), entries === undefined ? {} : { entries });
  } catch {
    return new SupervisorFailure("file", `The file helper ended before it had finished (${operation}).`);
  }
}
