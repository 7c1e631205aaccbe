import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { InvalidOptionsError, SandboxError } from "../errors/index.ts";
import { writeBaseline } from "../files/baseline/baseline.ts";
import { findHostExecutables } from "../files/collect/host-executables.ts";
import { type OutputDirectory, prepareOutputDirectory } from "../files/collect/output-directory.ts";
import { extractArchive } from "../files/extract/extract-archive.ts";
import type { Extraction } from "../files/extract/extraction.ts";
import type { CollectedFiles, ManifestEntry } from "../files/manifest.ts";
import { probeFilesystem } from "../files/paths/filesystem-traits.ts";
import { tarEnd, tarHeaderBytes, tarPadding } from "../files/tar/tar-writer.ts";
import type { Harness } from "../harness/harness.ts";
import { makeHostDirectory } from "../host-files/make-host-directory.ts";
import { dropUndefined } from "../provider/drop-undefined.ts";
import { sessionArchive } from "../run/continuation/collect-session.ts";
import type { RunResult } from "../run/run-result.ts";
import { endJournal } from "../run/state/finish-record.ts";
import { readOwner } from "../run/state/owner.ts";
import { newRunId } from "../run/state/run-id.ts";
import { writeRecord, writeResult } from "../run/state/run-record.ts";
import { DirectoryLock } from "../state/directory-lock.ts";
import { safeLine } from "../text/safe-line.ts";
import { safeName } from "../text/safe-name.ts";
import { ConversationWriter } from "./conversation-writer.ts";
import type { SessionFile } from "./read-session-file.ts";
import { sessionLimits } from "./session-limits.ts";
import { damagedSession, type SessionFileEntry } from "./session-manifest.ts";

/** How `importSession` imports. */
export interface ImportSessionOptions {
  /** The state directory. */
  readonly home: string;
  /** The harness that the session file names, from this host. */
  readonly harness: Harness;
  /** Where the run is to be continued unless another provider is named: never what the file says. */
  readonly providerId: string;
  /** Where the files go: an absolute path at which nothing is, or an empty directory. */
  readonly outputDirectory: string;
  /** The directory on this host that has the project. */
  readonly workspace?: string;
  /** A new id by default. */
  readonly runId?: string;
}

/** A run that was imported. */
export interface ImportedSession {
  readonly runId: string;
  readonly result: RunResult;
}

/**
 * Makes a run of a session file, which `run({ continues })` can continue: with its conversation and its files. What the file reports about
 * settings is not used. The file may come from anyone: it is refused as a whole, and nothing is left of it, if anything in it is not as
 * its manifest says or is not what an agent's files may be on this host. Replaces nothing.
 */
export async function importSession(session: SessionFile, options: ImportSessionOptions): Promise<ImportedSession> {
  const { home, harness, runId = newRunId() } = options;
  checkHarness(session, harness);
  const runDirectory = join(home, "runs", runId);
  await makeHostDirectory(join(home, "runs"), 0o700);
  mkdirSync(runDirectory, { mode: 0o700 });
  let output: OutputDirectory | undefined;
  try {
    output = await openOutput(options, runId);
    const files = await writeFiles(session, output, runDirectory);
    const result = await recordRun(session, { ...options, runDirectory, runId, files });
    output.finish(files.manifest.filter(({ change }) => change !== "deleted"));
    return { runId, result };
  } catch (error) {
    rmSync(runDirectory, { recursive: true, force: true });
    if (output !== undefined) rmSync(output.path, { recursive: true, force: true });
    if (SandboxError.isInstance(error)) throw error;
    throw damagedSession((error as Error).message);
  }
}

function checkHarness({ manifest }: SessionFile, harness: Harness): void {
  const { sessions } = harness;
  if (manifest.harness.id !== harness.id) {
    throw new InvalidOptionsError(`The session is one of ${manifest.harness.id}, not of ${harness.id}`);
  }
  if (sessions === undefined) throw new InvalidOptionsError(`The harness ${harness.id} cannot continue a conversation`);
  const isOf = (path: string) => sessions.isOf?.(path, manifest.session.id) ?? true;
  const other = manifest.conversation.find(({ path }) => !isOf(path));
  if (other !== undefined) throw damagedSession(`${safeName(other.path)} is not a file of its conversation`);
  if (manifest.conversation.length === 0) throw damagedSession("it has no conversation");
}

async function openOutput(options: ImportSessionOptions, runId: string): Promise<OutputDirectory> {
  const { outputDirectory, workspace, home } = options;
  const output = await prepareOutputDirectory({ outputDirectory, workspace, home, runId, ignores: () => false });
  if (readdirSync(output.path).length === 0) return output;
  throw new InvalidOptionsError(`The output directory ${outputDirectory} is not empty`, { hint: "Name another one." });
}

/** Writes the conversation and the files, by the rules for what comes from a sandbox. */
async function writeFiles(
  { manifest, pieces }: SessionFile,
  output: OutputDirectory,
  runDirectory: string,
): Promise<CollectedFiles> {
  const archive = new ConversationWriter(sessionArchive(runDirectory));
  const byPath = new Map(manifest.files.map((entry) => [entry.path, entry]));
  async function* workspaceArchive(): AsyncGenerator<Uint8Array> {
    let inFiles = false;
    let left = 0;
    // What has no content comes first: directories with their modes, then links.
    for (const entry of manifest.files) yield* headerWithoutContent(entry);
    for await (const piece of pieces()) {
      if ("content" in piece) {
        if (!inFiles) archive.content(piece.content);
        else yield piece.content;
        continue;
      }
      if (inFiles) yield tarPadding(left);
      inFiles = piece.place === "files";
      left = piece.size;
      if (inFiles) yield header(byPath.get(piece.path), piece.size);
      else archive.begin(piece.path, piece.size);
    }
    if (inFiles) yield tarPadding(left);
    yield tarEnd;
  }
  let broken: unknown;
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      yield* workspaceArchive();
    } catch (error) {
      broken = error;
      throw error;
    }
  }
  try {
    const extraction = await extractArchive(watched(), {
      directory: output.path,
      traits: probeFilesystem(output.path),
      totalBytes: sessionLimits.workspaceBytes,
      fileBytes: sessionLimits.workspaceBytes,
      maxEntries: sessionLimits.workspaceFiles + 1,
      ignores: () => false,
      existing: output.existing,
    });
    if (broken !== undefined) throw broken;
    checkExtraction(extraction, manifest.files);
    archive.end();
    return collected(output.path, manifest.files, extraction);
  } finally {
    archive.close();
  }
}

function* headerWithoutContent(entry: SessionFileEntry): Generator<Buffer> {
  if (entry.change === "deleted" || entry.kind === "file") return;
  yield header(entry, 0);
}

function header(entry: SessionFileEntry | undefined, size: number): Buffer {
  if (entry === undefined) throw damagedSession("a file is not in its manifest");
  const { path, kind, mode, target } = entry;
  const modifiedMs = Date.now();
  return tarHeaderBytes({ path, kind, mode: Number.parseInt(mode, 8), size, modifiedMs, ...dropUndefined({ target }) });
}

/** Of a result some entries may be left out; of an imported file none: nobody makes such a one by accident. */
function checkExtraction(
  { error, skipped, repositories, entries }: Extraction,
  files: readonly SessionFileEntry[],
): void {
  if (error !== undefined) throw error;
  const [first] = skipped;
  if (first !== undefined) throw damagedSession(`${safeName(first.path)} is refused: ${safeLine(first.reason)}`);
  if (repositories.length > 0) throw damagedSession("it holds a repository");
  for (const { path, kind, change, sha256, target } of files) {
    if (change === "deleted") continue;
    const written = entries.get(path);
    const isSame = written?.kind === kind && written.sha256 === sha256 && written.target === target;
    if (!isSame) throw damagedSession(`${safeName(path)} could not be written as it is`);
  }
}

function collected(
  directory: string,
  files: readonly SessionFileEntry[],
  { entries, bytes }: Extraction,
): CollectedFiles {
  const manifest = files.map(({ before: _, ...entry }): ManifestEntry => {
    const written = entries.get(entry.path);
    return { ...(written ?? dropUndefined(entry)), change: entry.change };
  });
  return {
    ...{ directory, complete: true, manifest, skipped: [], bytes },
    executable: findHostExecutables(directory, manifest),
  };
}

interface Recording extends ImportSessionOptions {
  readonly runDirectory: string;
  readonly runId: string;
  readonly files: CollectedFiles;
}

async function recordRun({ manifest }: SessionFile, recording: Recording): Promise<RunResult> {
  const { home, harness, providerId, workspace, runDirectory, runId, files } = recording;
  const { run, session } = manifest;
  const lock = DirectoryLock.tryAcquire(runDirectory);
  if (lock === undefined) throw new InvalidOptionsError(`The run ${runId} exists already`);
  try {
    const now = new Date().toISOString();
    const result: RunResult = {
      ...{
        v: 1,
        runId,
        outcome: run.outcome,
        reason: safeLine(run.reason, 2000),
        exitCode: 0,
        cleanup: { state: "clean" },
      },
      ...{
        providerId,
        harnessId: harness.id,
        sessionId: session.id,
        startedAt: now,
        durationMs: run.durationMs,
        files,
      },
      ...dropUndefined({ turns: run.turns, costUsd: run.costUsd }),
    };
    if (workspace !== undefined) await keepBefore(manifest.files, workspace, runDirectory);
    writeRecord(runDirectory, {
      ...{ v: 1, runId, owner: readOwner(home), startedAt: now, providerId, harnessId: harness.id },
      ...dropUndefined({ sessionDirectory: harness.sessions?.directory, workspace }),
      outputDirectory: files.directory,
      promptPreview: safeLine(run.promptPreview, 300),
      imported: { runId: safeLine(run.id, 64), createdAt: manifest.createdAt },
    });
    writeResult(runDirectory, result);
    endJournal(runDirectory, result, lock);
    return result;
  } finally {
    lock.release();
  }
}

/** What the changes are compared with in the project of this host: as if it had gone in, as far as it was changed. */
async function keepBefore(files: readonly SessionFileEntry[], workspace: string, runDirectory: string): Promise<void> {
  const entries = files.flatMap(({ path, before }) =>
    before === undefined ? [] : [{ path, ...dropUndefined(before) }],
  );
  await writeBaseline(runDirectory, {
    v: 1,
    workspace: await realpath(workspace),
    prefix: "",
    snapshot: false,
    entries,
  });
}
