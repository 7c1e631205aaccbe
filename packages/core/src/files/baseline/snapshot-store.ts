import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { SandboxFileError } from "../../errors/index.ts";
import { makeHostDirectory } from "../../host-files/make-host-directory.ts";
import { gitExit, hostGit, killGit, spawnHostGit } from "../git/host-git.ts";
import { BlobReader } from "./blob-reader.ts";

/** Larger files are not kept, so they are in no patch: git would hold a multiple of them in memory. */
export const maxPatchFileBytes = 32 * 1024 * 1024;

const pieceBytes = 256 * 1024;

/**
 * A private bare repository in the run's directory that holds the content that went in, and later what came back, as two
 * commits. It is filled with exactly the bytes that travelled: no work tree, filter, attribute or index has a say.
 */
export class SnapshotStore {
  readonly #gitDir: string;
  readonly #signal: AbortSignal | undefined;

  constructor(runDirectory: string, signal?: AbortSignal) {
    this.#gitDir = SnapshotStore.place(runDirectory);
    this.#signal = signal;
  }

  /** Where the repository is. */
  static place(runDirectory: string): string {
    return join(runDirectory, "baseline.git");
  }

  /** Makes an empty repository in the place of an earlier one. False when git is not installed. */
  async create(): Promise<boolean> {
    await rm(this.#gitDir, { recursive: true, force: true });
    await makeHostDirectory(this.#gitDir, 0o700);
    const created = await hostGit(["init", "--quiet", "--bare", "--template=", "--object-format=sha1", this.#gitDir], {
      cwd: this.#gitDir,
      signal: this.#signal,
    });
    if (created.exitCode === null) return false;
    if (created.exitCode !== 0) throw new SandboxFileError(`The project's state could not be kept: ${created.stderr}`);
    return true;
  }

  /** Starts a commit; `from` names one whose files it begins with. */
  commit(name: string, from?: string): SnapshotWriter {
    const settings = ["core.compression=0", "pack.compression=0", "fastimport.unpackLimit=0"].flatMap((s) => ["-c", s]);
    const args = [`--git-dir=${this.#gitDir}`, ...settings, "fast-import", "--quiet", "--done", "--depth=0"];
    const child = spawnHostGit([...args, "--big-file-threshold=1m"], { cwd: this.#gitDir, signal: this.#signal });
    return new SnapshotWriter(child, name, from, this.#signal);
  }

  /** Writes the difference between two commits as a patch. False when there is none. */
  async diff(from: string, to: string, prefix: string, into: string): Promise<boolean> {
    const prefixes = [`--src-prefix=a/${prefix}`, `--dst-prefix=b/${prefix}`];
    const patch = this.compare(from, to, ["--binary", "--full-index", ...prefixes], []);
    await pipeline(patch, createWriteStream(into, { mode: 0o600 }));
    if ((await stat(into)).size > 0) return true;
    await rm(into);
    return false;
  }

  /** Removes a commit by its name, if it is there. */
  async drop(name: string): Promise<void> {
    await rm(join(this.#gitDir, ref(name)), { force: true });
  }

  /** Whether a commit is there. False also without git or without the repository. */
  async has(name: string): Promise<boolean> {
    if ((await stat(this.#gitDir).catch(() => undefined)) === undefined) return false;
    const args = [`--git-dir=${this.#gitDir}`, "rev-parse", "--quiet", "--verify", `${ref(name)}^{commit}`];
    return (await hostGit(args, { cwd: this.#gitDir, signal: this.#signal })).exitCode === 0;
  }

  /** The object ids of a commit's files and links, by path. Empty when the commit does not exist. */
  async blobs(name: string): Promise<ReadonlyMap<string, string>> {
    if (!(await this.has(name))) return new Map();
    const args = [`--git-dir=${this.#gitDir}`, "ls-tree", "-r", "-z", ref(name)];
    const { exitCode, stdout, stderr } = await hostGit(args, { cwd: this.#gitDir, signal: this.#signal });
    if (exitCode !== 0) throw new SandboxFileError(`The project's state could not be read: ${stderr}`);
    const records = stdout.toString("utf8").split("\0");
    return new Map(
      records.flatMap((record): [string, string][] => {
        const [, id, path] = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(record) ?? [];
        return id === undefined || path === undefined ? [] : [[path, id]];
      }),
    );
  }

  /** Reads what {@link blobs} names. */
  reader(): BlobReader {
    return new BlobReader(this.#gitDir, this.#signal);
  }

  /** What `git diff` prints of two commits. Git waits for the reader, and ends when the reader stops. */
  async *compare(
    from: string,
    to: string,
    options: readonly string[],
    pathspecs: readonly string[],
  ): AsyncGenerator<Buffer, void> {
    const plain = ["--no-renames", "--no-ext-diff", "--no-textconv", "--no-color"];
    const args = [`--git-dir=${this.#gitDir}`, "diff", ...plain, ...options, ref(from), ref(to), "--", ...pathspecs];
    const child = spawnHostGit(args, { cwd: this.#gitDir, signal: this.#signal });
    child.stdin.end();
    const ended = gitExit(child, this.#signal);
    ended.catch(() => {});
    let isRead = false;
    try {
      for await (const chunk of child.stdout) yield chunk as Buffer;
      isRead = true;
    } finally {
      if (!isRead) killGit(child);
    }
    const { exitCode, stderr } = await ended;
    if (exitCode !== 0) throw new SandboxFileError(`The patch could not be made: ${stderr}`);
  }
}

/** Fills one commit. Every call waits while git does not read. */
export class SnapshotWriter {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #end: Promise<{ exitCode: number | null; stderr: string }>;
  #gathered: Buffer[] = [];
  #gatheredBytes = 0;

  constructor(child: ChildProcessWithoutNullStreams, name: string, from: string | undefined, signal?: AbortSignal) {
    this.#child = child;
    child.stdout.resume();
    this.#end = gitExit(child, signal);
    this.#end.catch(() => {});
    const start = from === undefined ? "" : `from ${ref(from)}^0\n`;
    child.stdin.write(`commit ${ref(name)}\ncommitter Glovebox <glovebox@localhost> 0 +0000\ndata 0\n${start}`);
  }

  /** Announces content of `size` bytes, which follows by `content`. */
  async file(path: string, executable: boolean, size: number): Promise<void> {
    await this.#write(`M ${executable ? "100755" : "100644"} inline ${quote(path)}\ndata ${size}\n`);
  }

  async content(bytes: Buffer): Promise<void> {
    await this.#write(bytes);
  }

  async symlink(path: string, target: string): Promise<void> {
    await this.#write(`M 120000 inline ${quote(path)}\ndata ${Buffer.byteLength(target)}\n${target}\n`);
  }

  async remove(path: string): Promise<void> {
    await this.#write(`D ${quote(path)}\n`);
  }

  async end(): Promise<void> {
    await this.#write("done\n");
    await this.#flush();
    this.#child.stdin.end();
    const { exitCode, stderr } = await this.#end;
    if (exitCode !== 0) throw new SandboxFileError(`The project's state could not be kept: ${stderr}`);
  }

  /** Gives up; nothing of the commit stays. */
  async abandon(): Promise<void> {
    killGit(this.#child);
    await this.#end.catch(() => {});
  }

  /** Gathers small pieces: thousands of them cost more in the pipe than in what they say. */
  async #write(bytes: string | Buffer): Promise<void> {
    const piece = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
    this.#gathered.push(piece);
    this.#gatheredBytes += piece.length;
    if (this.#gatheredBytes >= pieceBytes) await this.#flush();
  }

  async #flush(): Promise<void> {
    const { stdin } = this.#child;
    const bytes = Buffer.concat(this.#gathered);
    this.#gathered = [];
    this.#gatheredBytes = 0;
    if (!stdin.writable || stdin.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const go = () => {
        stdin.off("drain", go);
        stdin.off("close", go);
        resolve();
      };
      stdin.on("drain", go);
      stdin.on("close", go);
    });
  }
}

function ref(name: string): string {
  return `refs/heads/${name}`;
}

function quote(path: string): string {
  return `"${path.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\n")}"`;
}
