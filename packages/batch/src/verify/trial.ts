import { randomBytes } from "node:crypto";
import { createSandbox, exec, type PlacedEntry, type RunFiles } from "@glovebox/core";
import { dropUndefined, type Sandbox, SandboxError, workspaceDir } from "@glovebox/core/provider";
import { judgeFiles } from "./runners/judge-files.ts";
import { mergeReports, parseTestReport, type TestReport } from "./runners/test-report.ts";
import type { VerifyOptions } from "./verify-options.ts";

/** What is put into the sandbox of a trial. */
export interface TrialOptions {
  readonly files: RunFiles;
  readonly places: readonly PlacedEntry[];
  /** The paths that have to be the same after the command. */
  readonly guarded: readonly PlacedEntry[];
  readonly setsNodeReporter: boolean;
}

/** How the command ended in a sandbox of its own. */
export interface Trial {
  /** `null` when it was killed. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** How it ended if not by itself: `oom-killed`, a signal. */
  readonly ended?: string;
  /** The end of what it printed. */
  readonly output: string;
  readonly durationMs: number;
  /** What the test runners reported; absent where none did. */
  readonly report?: TestReport;
  /** Protected files that the command changed or removed. */
  readonly tampered: readonly string[];
}

export const defaultVerifyTimeoutMs = 10 * 60_000;
const spareMs = 10 * 60_000;
const maxOutputBytes = 256 * 1024;
const maxReportBytes = 16 * 1024 * 1024;
const maxReports = 100;
const callTimeoutMs = 60_000;

/** Runs the command in a sandbox that has these files, and removes the sandbox. Rejects where the provider fails. */
export async function runTrial(options: VerifyOptions, trial: TrialOptions): Promise<Trial> {
  const { timeoutMs = defaultVerifyTimeoutMs, signal, onProgress, allow = [], resources, base } = options;
  const { provider, home, layers = [] } = options;
  const sandbox = await createSandbox({
    ...{ provider, home, layers, ttlMs: timeoutMs + spareMs },
    egress: { mode: allow.length === 0 ? "none" : "standard", models: [], allow },
    ...dropUndefined({ signal, resources, base }),
    onProgress: ({ message }) => onProgress?.(message),
  });
  try {
    return await tryIn(sandbox, options, trial);
  } finally {
    await sandbox.destroy().catch(() => {
      // It has no network and a lease: `reap` removes it when that has ended. What was found out is not lost by it.
    });
  }
}

async function tryIn(sandbox: Sandbox, options: VerifyOptions, trial: TrialOptions): Promise<Trial> {
  const { command, timeoutMs = defaultVerifyTimeoutMs, signal, onProgress } = options;
  const call = dropUndefined({ signal });
  const directory = `/tmp/judge-${randomBytes(12).toString("hex")}`;
  const judge = judgeFiles(directory, trial);
  onProgress?.("uploading the files");
  await sandbox.files.putArchive(workspaceDir, trial.files.archive(trial.places), call);
  await sandbox.files.makeDirectory(directory, call);
  for (const [name, text] of judge.files) await sandbox.files.writeStream(`${directory}/${name}`, bytesOf(text), call);
  onProgress?.("running the command");
  const output = new OutputTail(maxOutputBytes);
  const start = performance.now();
  const {
    exitCode,
    timedOut,
    reason,
    signal: endedBy,
  } = await exec(sandbox, ["sh", "-c", command], {
    ...{ cwd: workspaceDir, env: judge.env, timeoutMs, maxBytes: 0 },
    ...{ onStdout: (bytes) => output.add(bytes), onStderr: (bytes) => output.add(bytes) },
    ...call,
  });
  const durationMs = Math.round(performance.now() - start);
  // What it left running could still change what is read next.
  await sandbox.quiesce(call);
  const report = await readReports(sandbox, directory, signal);
  const tampered = await findTampered(sandbox, trial.guarded, signal);
  const ended = exitCode === null && !timedOut ? (endedBy ?? reason) : undefined;
  return { exitCode, timedOut, output: output.text(), durationMs, tampered, ...dropUndefined({ report, ended }) };
}

async function readReports(sandbox: Sandbox, directory: string, signal?: AbortSignal): Promise<TestReport | undefined> {
  const call = dropUndefined({ signal });
  const entries = await sandbox.files.list(directory, call).catch(ifOfFile([]));
  const reports: TestReport[] = [];
  for (const { path, kind, size } of entries.slice(0, maxReports)) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (kind !== "file" || size > maxReportBytes || !name.startsWith("report-")) continue;
    const text = await readText(sandbox, path, signal);
    const report = parseTestReport(name, text);
    if (report !== undefined) reports.push(report);
  }
  return reports.length === 0 ? undefined : mergeReports(reports);
}

async function readText(sandbox: Sandbox, path: string, signal?: AbortSignal): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of await sandbox.files.readStream(path, dropUndefined({ signal }))) {
    size += piece.length;
    if (size > maxReportBytes) break;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** Protected files that are not any more what was put there. */
async function findTampered(
  sandbox: Sandbox,
  guarded: readonly PlacedEntry[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const files = guarded.filter(({ entry }) => entry.kind === "file");
  if (files.length === 0) return [];
  const input = files.map(({ entry }) => `${entry.path}\0`).join("");
  const sums = await exec(sandbox, ["xargs", "-0", "sha256sum", "--zero", "--"], {
    ...{ input, cwd: workspaceDir, timeoutMs: callTimeoutMs, maxBytes: 64 * 1024 * 1024, ...dropUndefined({ signal }) },
  });
  const found = new Map(
    sums.stdout.split("\0").map((line): [string, string] => [line.slice(line.indexOf("  ") + 2), line.slice(0, 64)]),
  );
  return files
    .map(({ entry }) => entry)
    .filter(({ path, sha256 }) => found.get(path) !== sha256)
    .map(({ path }) => path);
}

/** A directory that the command removed has no entries. */
function ifOfFile<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (SandboxError.isInstance(error) && (error.code === "file" || error.code === "not-found")) return value;
    throw error;
  };
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** The last bytes of a program's output. */
class OutputTail {
  readonly #maxBytes: number;
  #pieces: Uint8Array[] = [];
  #size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(bytes: Uint8Array): void {
    this.#pieces.push(Uint8Array.from(bytes));
    this.#size += bytes.length;
    if (this.#size > 2 * this.#maxBytes) this.#join();
  }

  text(): string {
    this.#join();
    return Buffer.concat(this.#pieces).toString("utf8");
  }

  #join(): void {
    const tail = Buffer.concat(this.#pieces).subarray(-this.#maxBytes);
    this.#pieces = [tail];
    this.#size = tail.length;
  }
}
