import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CollectLimits } from "../src/files/collect/collect-limits.ts";
import { collectWorkspace } from "../src/files/collect/collect-workspace.ts";
import type { HistoryScope } from "../src/files/git/history-scope.ts";
import { defaultIgnores } from "../src/files/ignore/default-ignores.ts";
import type { CollectedFiles } from "../src/files/manifest.ts";
import { uploadWorkspace } from "../src/files/upload/upload-workspace.ts";
import type { RunResult } from "../src/run/run-result.ts";
import { LocalDirectorySandbox } from "./local-directory-sandbox.ts";

/** A project on the host, a sandbox, and the way of its files there and back. */
export class FileTrip {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-trip-")));
  readonly project = join(this.base, "project");
  readonly runDirectory = join(this.base, "run");
  readonly out = join(this.base, "out");
  readonly sandbox = new LocalDirectorySandbox();
  readonly warnings: string[] = [];
  readonly messages: string[] = [];

  constructor() {
    mkdirSync(this.project);
  }

  write(files: Readonly<Record<string, string | Buffer>>): void {
    writeFiles(this.project, files);
  }

  writeInside(files: Readonly<Record<string, string | Buffer>>): void {
    writeFiles(this.sandbox.workspace, files);
  }

  /** Git as a user would run it in the project. */
  git(...args: string[]): string {
    return gitIn(this.project, ...args);
  }

  /** Git as the agent would run it. */
  gitInside(...args: string[]): string {
    return gitIn(this.sandbox.workspace, ...args);
  }

  commitAll(message = "first"): string {
    this.git("add", "-A");
    this.git("commit", "-q", "-m", message);
    return this.git("rev-parse", "HEAD");
  }

  async upload(workspace = this.project, history?: HistoryScope, home?: string): Promise<void> {
    const { runDirectory } = this;
    await uploadWorkspace(this.sandbox.asSandbox(), {
      workspace,
      runDirectory,
      ...(history === undefined ? {} : { history }),
      ...(home === undefined ? {} : { home }),
      onWarning: (code, message) => {
        this.warnings.push(code);
        this.messages.push(message);
      },
    });
  }

  async collect(options: { ignore?: readonly string[]; limits?: CollectLimits; workspace?: string | null } = {}) {
    const { workspace = this.project, ignore = defaultIgnores } = options;
    const collection = await collectWorkspace(this.sandbox.asSandbox(), {
      outputDirectory: this.out,
      runDirectory: this.runDirectory,
      ignore,
      ...(workspace === null ? {} : { workspace }),
      ...(options.limits === undefined ? {} : { limits: options.limits }),
      onWarning: (code) => this.warnings.push(code),
    });
    const of = (change: string) =>
      collection.files.manifest.filter((entry) => entry.change === change).map((entry) => entry.path);
    return {
      ...collection,
      created: of("created"),
      changed: of("changed"),
      deleted: of("deleted"),
      unchanged: of("unchanged"),
    };
  }

  result(files: CollectedFiles): RunResult {
    return { runId: "run-1", files } as RunResult;
  }

  dispose(): void {
    this.sandbox.dispose();
    rmSync(this.base, { recursive: true, force: true });
  }
}

export function writeFiles(directory: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
}

export function gitIn(directory: string, ...args: string[]): string {
  const identity = ["-c", "user.name=Host User", "-c", "user.email=host@example.com"];
  const env = { PATH: process.env.PATH, HOME: join(directory, "no-home"), GIT_CONFIG_NOSYSTEM: "1" };
  const settings = [...identity, "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"];
  return execFileSync("git", [...settings, ...args], { cwd: directory, env, stdio: ["ignore", "pipe", "pipe"] })
    .toString()
    .replace(/\n$/, "");
}
