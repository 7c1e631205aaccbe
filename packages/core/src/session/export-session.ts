import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { InvalidOptionsError } from "../errors/index.ts";
import { readBaseline } from "../files/baseline/baseline.ts";
import type { ExtractedEntry } from "../files/extract/extraction.ts";
import type { ManifestEntry } from "../files/manifest.ts";
import { hasDotGit } from "../files/paths/dot-git.ts";
import type { Harness } from "../harness/harness.ts";
import { dropUndefined } from "../provider/drop-undefined.ts";
import { type Continuation, readContinuation } from "../run/continuation/continuation.ts";
import { journalFile, readEvents } from "../run/journal/journal.ts";
import type { RunResult } from "../run/run-result.ts";
import { readRecord } from "../run/state/run-record.ts";
import { safeLine } from "../text/safe-line.ts";
import { contentOf, type ExportedFile, exportFile, type SecretInFile } from "./exported-file.ts";
import { maskConversation } from "./mask-conversation.ts";
import { maskText } from "./mask-texts.ts";
import { readConversationArchive } from "./read-conversation-archive.ts";
import type { SecretScanner } from "./secret-scanner.ts";
import { sessionLimits } from "./session-limits.ts";
import { contentsOf, type SessionFileEntry, type SessionManifest, sessionFormat } from "./session-manifest.ts";
import { writeSessionFile } from "./write-session-file.ts";

/** How `exportSession` exports. */
export interface ExportSessionOptions {
  /** The state directory. */
  readonly home: string;
  readonly runId: string;
  /** The harness of the run. */
  readonly harness: Harness;
  /** Where the session file goes. Nothing may be there. */
  readonly path: string;
  /** Finds secrets. What it finds in the conversation is taken out; in files see `secrets`. */
  readonly scanner: SecretScanner;
  /**
   * What becomes of a file that holds what looks like a secret. `refuse`, the default: nothing is exported. `redact`: the secret is taken
   * out; a file in which that is not possible is left out. `allow`: it is exported as it is, except for secrets that are known.
   */
  readonly secrets?: "refuse" | "redact" | "allow";
  /** Receives every secret that is found in a file and stays there. */
  readonly onSecret?: (secret: SecretInFile) => void;
}

/** What `exportSession` wrote. */
export interface ExportedSession {
  readonly path: string;
  readonly bytes: number;
  readonly manifest: SessionManifest;
  /** Files that were left out: of the conversation as they are no text, of the workspace as secrets could not be taken out. */
  readonly leftOut: readonly string[];
}

/**
 * Writes one file with which somebody else can continue a run: its conversation, its settings and its changes to the workspace, without
 * secrets. Only the owner may read it. Throws `invalid-options` where the run cannot be continued, where something is at `path`, and for
 * secrets in files.
 */
export async function exportSession(options: ExportSessionOptions): Promise<ExportedSession> {
  const { home, harness, path, scanner } = options;
  const runId = basename(options.runId);
  if (existsSync(path)) {
    throw new InvalidOptionsError(`${path} exists already`, { hint: "Name another file with -o, or remove it." });
  }
  const continuation = readContinuation({ continues: runId, home, harness });
  const result = continuation?.result;
  if (continuation === undefined || result === undefined) throw new InvalidOptionsError(`There is no run ${runId}`);
  const conversation = await exportConversation(continuation, harness, scanner);
  const workspace = await exportWorkspace(options, continuation, result);
  const manifest: SessionManifest = {
    ...(await describeRun(options, continuation, result)),
    conversation: conversation.files.map(({ path: name, content }) => describe(name, content)),
    files: workspace.entries,
    masked: { conversation: conversation.count, files: workspace.count },
  };
  const directory = result.files?.directory ?? "";
  const bytes = await writeSessionFile(path, manifest, {
    conversation: (index) => conversation.files[index]?.content ?? Buffer.alloc(0),
    file: (name) => contentOf(directory, name, workspace.contents.get(name) ?? missing(name)),
  });
  return { path, bytes, manifest, leftOut: [...conversation.leftOut, ...workspace.leftOut] };
}

function missing(name: string): never {
  throw new InvalidOptionsError(`${name} is not among the files to export`);
}

function describe(path: string, content: Buffer) {
  return { path, size: content.length, sha256: createHash("sha256").update(content).digest("hex") };
}

async function exportConversation({ sessionId, archive }: Continuation, harness: Harness, scanner: SecretScanner) {
  const isOf = (path: string) => harness.sessions?.isOf?.(path, sessionId) ?? true;
  const read = await readConversationArchive(archive, isOf);
  if (read.files.size === 0) {
    throw new InvalidOptionsError("The conversation that the run kept is empty, so there is nothing to continue");
  }
  const files: { path: string; content: Buffer }[] = [];
  let count = 0;
  for (const [path, text] of read.files) {
    const masked = await maskConversation(text, scanner);
    count += masked.count;
    files.push({ path, content: Buffer.from(masked.content) });
  }
  return { files, count, leftOut: read.leftOut };
}

async function exportWorkspace(options: ExportSessionOptions, { runDirectory }: Continuation, result: RunResult) {
  const { secrets = "refuse", onSecret } = options;
  const baseline = await readBaseline(runDirectory);
  const before = new Map((baseline?.entries ?? []).map((entry) => [entry.path, entry]));
  const changes = (result.files?.manifest ?? []).filter(
    ({ change, path }) => (change !== "unchanged" || baseline === null) && !hasDotGit(path),
  );
  const entries: SessionFileEntry[] = [];
  const contents = new Map<string, ExportedFile>();
  const leftOut: string[] = [];
  let refused = 0;
  let count = 0;
  for (const entry of changes) {
    const { file, found } = await exportEntry(entry, result.files?.directory ?? "", options);
    const remaining = found.filter(({ isKnown }) => isKnown || secrets === "refuse");
    for (const one of secrets === "redact" ? [] : remaining) onSecret?.(one);
    if (secrets === "redact" && found.length > 0) leftOut.push(entry.path);
    else refused += remaining.length;
    if (file === undefined && entry.kind === "file" && entry.change !== "deleted") continue;
    if (secrets === "redact" && found.length > 0) continue;
    if (file !== undefined) contents.set(entry.path, file);
    count += file?.masked ?? 0;
    entries.push(entryOf(entry, file, before.get(entry.path)));
  }
  if (refused > 0) {
    throw new InvalidOptionsError(
      `The files of the run hold what looks like ${refused === 1 ? "a secret" : `${refused} secrets`}`,
      {
        hint: "--redact takes secrets out; --allow-secrets exports the files as they are, except for secrets of this host.",
      },
    );
  }
  checkSize(entries);
  return { entries, contents, leftOut, count };
}

function checkSize(entries: readonly SessionFileEntry[]): void {
  const size = contentsOf(entries).reduce((sum, file) => sum + file.size, 0);
  if (size <= sessionLimits.workspaceBytes && entries.length <= sessionLimits.workspaceFiles) return;
  throw new InvalidOptionsError("The run changed more files than a session file may hold", {
    hint: `At most ${sessionLimits.workspaceFiles} files and ${sessionLimits.workspaceBytes / 1024 ** 3} GiB.`,
  });
}

async function exportEntry(entry: ManifestEntry, directory: string, options: ExportSessionOptions) {
  const { scanner, secrets } = options;
  const { path, kind, change, target = "" } = entry;
  if (kind === "file" && change !== "deleted") {
    return await exportFile({ directory, path, scanner, redact: secrets === "redact" });
  }
  const found = await scanner.scan(`${path}\n${target}`);
  return { found: found.map(({ name, isKnown }) => ({ path, line: 0, name, isKnown })) };
}

function entryOf(
  entry: ManifestEntry,
  file: ExportedFile | undefined,
  before: ExtractedEntry | undefined,
): SessionFileEntry {
  const { path, kind, mode, target, change } = entry;
  const { path: _, ...state } = before ?? { path };
  return {
    ...{ path, kind, mode, change: change === "unchanged" ? "created" : change },
    ...dropUndefined({ target, size: file?.size, sha256: file?.sha256 }),
    ...("kind" in state ? { before: dropUndefined(state) } : {}),
  };
}

async function describeRun(
  { home, scanner }: ExportSessionOptions,
  { runDirectory, sessionId }: Continuation,
  result: RunResult,
): Promise<Omit<SessionManifest, "conversation" | "files" | "masked">> {
  const record = readRecord(join(home, "runs", basename(runDirectory)));
  const baseline = await readBaseline(runDirectory);
  const clean = async (text: string, length: number) => safeLine((await maskText(text, scanner)).text, length);
  const facts = settingsOf(runDirectory);
  return {
    format: sessionFormat.name,
    version: sessionFormat.version,
    createdAt: new Date().toISOString(),
    run: {
      id: result.runId,
      startedAt: result.startedAt,
      durationMs: Math.max(0, result.durationMs),
      outcome: result.outcome,
      reason: await clean(result.reason, 2000),
      promptPreview: await clean(record?.promptPreview ?? "", 500),
      ...dropUndefined({ turns: result.turns, costUsd: result.costUsd }),
    },
    harness: { id: result.harnessId },
    session: { id: sessionId },
    settings: { provider: result.providerId, ...facts },
    hasProject: baseline !== null,
    ...dropUndefined({ baseCommit: baseline?.head }),
  };
}

/** What the run's journal tells of its settings. */
function settingsOf(runDirectory: string): { model?: string; network?: string } {
  const found: { model?: string; network?: string } = {};
  readEvents(journalFile(runDirectory), (event) => {
    if (event.type === "harness.session" && event.model !== undefined) found.model = safeLine(event.model, 100);
    if (event.type === "network.policy") found.network = event.mode;
  });
  return found;
}
