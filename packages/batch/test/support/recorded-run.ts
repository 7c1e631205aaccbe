import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type ManifestEntry, type RunResult, uploadWorkspace } from "@glovebox/core";
import type { Sandbox } from "@glovebox/core/provider";

type Entry = Omit<ManifestEntry, "change">;

/** A sandbox that takes everything and keeps nothing: what goes in is remembered on the host. */
const sink = {
  files: {
    async putArchive(_: string, archive: AsyncIterable<Uint8Array>) {
      for await (const piece of archive) void piece;
    },
    async writeStream() {},
    async makeDirectory() {},
  },
} as unknown as Sandbox;

/** Runs of a project as Glovebox records them, made by shell scripts without a sandbox. */
export class RecordedRuns implements Disposable {
  readonly home = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-judge-")));
  #count = 0;

  /** A run of a project with these files, whose agent runs `script`. */
  async record(project: Readonly<Record<string, string>>, script: string) {
    this.#count += 1;
    const name = `run-${this.#count}`;
    const [workspace, directory, runDirectory] = ["project", "out", "state"].map((part) =>
      join(this.home, name, part),
    ) as [string, string, string];
    for (const [path, content] of Object.entries(project)) {
      mkdirSync(dirname(join(workspace, path)), { recursive: true });
      writeFileSync(join(workspace, path), content, { mode: path.endsWith(".sh") ? 0o755 : 0o644 });
    }
    await uploadWorkspace(sink, { workspace, runDirectory, history: "none" });
    cpSync(workspace, directory, { recursive: true });
    execFileSync("sh", ["-ec", script], { cwd: directory, stdio: "pipe" });
    const [before, after] = [entriesBelow(workspace), entriesBelow(directory)];
    const manifest: ManifestEntry[] = [
      ...[...after.values()].map((entry) => ({ ...entry, change: changeOf(entry, before.get(entry.path)) })),
      ...[...before.values()]
        .filter(({ path }) => !after.has(path))
        .map((entry) => ({ ...entry, change: "deleted" as const })),
    ];
    const files = { directory, complete: true, manifest, skipped: [], executable: [], bytes: 0 };
    return { runDirectory, workspace, directory, result: { ...result, runId: name, files } };
  }

  [Symbol.dispose](): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

const result: RunResult = {
  v: 1,
  runId: "",
  outcome: "succeeded",
  reason: "Done",
  exitCode: 0,
  cleanup: { state: "clean" },
  providerId: "docker",
  harnessId: "shell",
  startedAt: "2026-11-30T00:00:00.000Z",
  durationMs: 1,
};

function changeOf(entry: Entry, before: Entry | undefined): ManifestEntry["change"] {
  if (before === undefined) return "created";
  return JSON.stringify(entry) === JSON.stringify(before) ? "unchanged" : "changed";
}

function entriesBelow(directory: string): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const path of readdirSync(directory, { recursive: true, encoding: "utf8" })) {
    const existing = lstatSync(join(directory, path));
    const mode = (existing.mode & 0o777).toString(8).padStart(4, "0");
    if (existing.isDirectory()) entries.set(path, { path, kind: "directory", mode });
    else if (existing.isSymbolicLink())
      entries.set(path, { path, kind: "symlink", mode: "0777", target: readlinkSync(join(directory, path)) });
    else {
      const content = readFileSync(join(directory, path));
      const sha256 = createHash("sha256").update(content).digest("hex");
      entries.set(path, { path, kind: "file", mode, size: content.length, sha256 });
    }
  }
  return entries;
}
