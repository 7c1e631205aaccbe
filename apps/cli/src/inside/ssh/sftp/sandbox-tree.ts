import { exec } from "@glovebox/core";
import { type FileInfo, type Sandbox, SandboxFileError, SandboxNotFoundError } from "@glovebox/core/provider";
import ssh2, { type Attributes } from "ssh2";
import type { SftpFile } from "./sftp-file.ts";
import { SftpReader } from "./sftp-reader.ts";
import { SftpWriter } from "./sftp-writer.ts";

const { OPEN_MODE } = ssh2.utils.sftp;
const timeoutMs = 30_000;
/** As a server's umask leaves it. */
const usualMode = 0o755;

/** A sandbox's files, by what SFTP asks for. Paths are absolute. */
export class SandboxTree {
  readonly #sandbox: Sandbox;
  /** What is set of a file while it is written takes effect when it is whole. */
  readonly #later = new Map<SftpFile, Attributes>();

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  async open(path: string, flags: number, { mode }: Attributes): Promise<SftpFile> {
    const { files } = this.#sandbox;
    const has = (flag: number) => (flags & flag) !== 0;
    const found = await this.#find(path);
    if (!has(OPEN_MODE.WRITE)) {
      const reader = new SftpReader(files, (found ?? missing(path)).path);
      await reader.open();
      return reader;
    }
    if (has(OPEN_MODE.READ))
      throw new SandboxFileError(`${path} can be opened for reading or for writing, not for both`);
    if (found !== undefined && has(OPEN_MODE.EXCL)) throw new SandboxFileError(`${path} exists`);
    if (found === undefined && !has(OPEN_MODE.CREAT)) missing(path);
    if (found?.kind === "directory") throw new SandboxFileError(`${path} is a directory`);
    return new SftpWriter({
      files,
      path: found?.path ?? path,
      mode: found?.mode ?? (mode === undefined ? undefined : mode & usualMode),
      keptBytes: found === undefined || has(OPEN_MODE.TRUNC) ? 0 : found.size,
      appends: has(OPEN_MODE.APPEND),
    });
  }

  async close(file: SftpFile): Promise<void> {
    const attributes = this.#later.get(file);
    this.#later.delete(file);
    await file.close();
    if (attributes !== undefined) await this.setAttributes({ path: file.path }, attributes);
  }

  async linkStat(path: string): Promise<FileInfo> {
    return (await this.#sandbox.files.stat(path)) ?? missing(path);
  }

  /** As `linkStat`, of what a link leads to. */
  async stat(path: string): Promise<FileInfo> {
    return (await this.#find(path)) ?? missing(path);
  }

  async list(path: string): Promise<readonly FileInfo[]> {
    return await this.#sandbox.files.list((await this.stat(path)).path);
  }

  async makeDirectory(path: string, { mode }: Attributes): Promise<void> {
    if ((await this.#sandbox.files.stat(path)) !== null) throw new SandboxFileError(`${path} exists`);
    await this.#run(mode === undefined ? ["mkdir", "--", path] : ["mkdir", "-m", octal(mode & usualMode), "--", path]);
  }

  async removeFile(path: string): Promise<void> {
    if ((await this.linkStat(path)).kind === "directory") throw new SandboxFileError(`${path} is a directory`);
    await this.#sandbox.files.remove(path);
  }

  /** Only an empty one. */
  async removeDirectory(path: string): Promise<void> {
    await this.#run(["rmdir", "--", path]);
  }

  async rename(from: string, to: string): Promise<void> {
    if ((await this.#sandbox.files.stat(to)) !== null) throw new SandboxFileError(`${to} exists`);
    await this.#sandbox.files.move(from, to);
  }

  async link(target: string, path: string): Promise<void> {
    await this.#run(["ln", "-sT", "--", target, path]);
  }

  /** Size, mode and times; everything belongs to the sandbox's user. */
  async setAttributes(file: SftpFile | { readonly path: string }, attributes: Attributes): Promise<void> {
    if ("write" in file) {
      this.#later.set(file, { ...this.#later.get(file), ...attributes });
      return;
    }
    const { path } = file;
    const { size, mode, atime, mtime } = attributes as Partial<Attributes>;
    if (size !== undefined) await this.#run(["truncate", "-s", String(size), "--", path]);
    if (mode !== undefined) await this.#run(["chmod", octal(mode), "--", path]);
    if (atime !== undefined) await this.#run(["touch", "-a", "-c", "-d", `@${atime}`, "--", path]);
    if (mtime !== undefined) await this.#run(["touch", "-m", "-c", "-d", `@${mtime}`, "--", path]);
  }

  /** What a link leads to; `undefined` for what does not exist. */
  async #find(path: string): Promise<FileInfo | undefined> {
    const { files } = this.#sandbox;
    const found = await files.stat(path);
    if (found?.kind !== "symlink") return found ?? undefined;
    const { stdout } = await this.#run(["readlink", "-fn", "--", path]);
    return (await files.stat(stdout)) ?? undefined;
  }

  async #run(argv: readonly [string, ...string[]]) {
    const done = await exec(this.#sandbox, argv, { cwd: "/", env: { LC_ALL: "C" }, timeoutMs });
    if (done.exitCode === 0) return done;
    const message = done.stderr.trim().replace(/^[a-z]+: /, "");
    if (/No such file or directory$/.test(message)) throw new SandboxNotFoundError(message);
    throw new SandboxFileError(message);
  }
}

function missing(path: string): never {
  throw new SandboxNotFoundError(`There is no ${path}`);
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8);
}
