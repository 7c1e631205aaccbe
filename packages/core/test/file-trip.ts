import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { collectWorkspace } from "../src/files/collect-workspace.ts";
import { defaultIgnores } from "../src/files/default-ignores.ts";
import { uploadWorkspace } from "../src/files/upload-workspace.ts";
import type { RunResult } from "../src/run/run-result.ts";
import type { CollectLimits } from "../src/run/run-spec.ts";
import { LocalFolderSandbox } from "./local-folder-sandbox.ts";

/** A project on the host, a sandbox, and the way of its files there and back. */
export class FileTrip {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-trip-")));
  readonly project = join(this.base, "project");
  readonly runDir = join(this.base, "run");
  readonly out = join(this.base, "out");
  readonly sandbox = new LocalFolderSandbox();
  readonly warnings: string[] = [];

  constructor() {
    mkdirSync(this.project);
  }

  write(files: Readonly<Record<string, string | Buffer>>): void {
    writeFiles(this.project, files);
  }

  writeInside(files: Readonly<Record<string, string | Buffer>>): void {
    writeFiles(this.sandbox.workspace, files);
  }

  /** Git as a person would run it in the project. */
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

  async upload(workspace = this.project): Promise<void> {
    const { runDir } = this;
    await uploadWorkspace(this.sandbox.asSandbox(), {
      workspace,
      runDir,
      onWarning: (code) => this.warnings.push(code),
    });
  }

  async collect(options: { ignore?: readonly string[]; limits?: CollectLimits; workspace?: string | null } = {}) {
    const { workspace = this.project, ignore = defaultIgnores } = options;
    const collection = await collectWorkspace(this.sandbox.asSandbox(), {
      outputDir: this.out,
      runDir: this.runDir,
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

  result(files: NonNullable<RunResult["files"]>): RunResult {
    return { runId: "run-1", files } as RunResult;
  }

  dispose(): void {
    this.sandbox.dispose();
    rmSync(this.base, { recursive: true, force: true });
  }
}

export function writeFiles(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

export function gitIn(folder: string, ...args: string[]): string {
  const identity = ["-c", "user.name=Host User", "-c", "user.email=host@example.com"];
  const env = { PATH: process.env.PATH, HOME: join(folder, "no-home"), GIT_CONFIG_NOSYSTEM: "1" };
  const settings = [...identity, "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"];
  return execFileSync("git", [...settings, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] })
    .toString()
    .replace(/\n$/, "");
}
