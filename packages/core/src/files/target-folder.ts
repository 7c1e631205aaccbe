import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  createReadStream,
  fchmodSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  symlinkSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { SandboxFileError } from "../errors/index.ts";
import type { ManifestEntry } from "../run/run-result.ts";
import { readArchivePath } from "./archive-path.ts";
import { hasDotGit } from "./dot-git.ts";
import type { ExtractedEntry } from "./extraction.ts";
import { linkEscape } from "./link-escape.ts";
import { parentOf } from "./parent-of.ts";

/** How an entry of a result stands to the folder it shall be brought into. */
export type Standing =
  /** There already, or gone already. */
  | { readonly state: "already" }
  /** As it was before the run: may be written or deleted. */
  | { readonly state: "ready" }
  | { readonly state: "conflict"; readonly reason: string }
  | { readonly state: "refused"; readonly reason: string };

const pieceBytes = 256 * 1024;
const executableBit = 0o100;

/** A project that a result is brought into. Never writes below `.git` or through a link, and never follows one out. */
export class TargetFolder {
  readonly #root: string;
  readonly #linkTargets: ReadonlyMap<string, string>;

  /** `root` is a real path; the manifest says which links will be there. */
  constructor(root: string, manifest: readonly ManifestEntry[]) {
    this.#root = root;
    const links = manifest.filter((entry) => entry.kind === "symlink" && entry.change !== "deleted");
    this.#linkTargets = new Map(links.map((entry) => [entry.path, entry.target ?? ""]));
  }

  /** `before` is what went in under the same path. */
  async standing(entry: ManifestEntry, before: ExtractedEntry | undefined): Promise<Standing> {
    try {
      const reason = this.#refusal(entry);
      return reason === undefined ? await this.#compare(entry, before) : { state: "refused", reason };
    } catch (error) {
      return { state: "refused", reason: `it cannot be looked at here: ${(error as Error).message}` };
    }
  }

  async #compare(entry: ManifestEntry, before: ExtractedEntry | undefined): Promise<Standing> {
    const there = this.#look(entry.path);
    if (there === undefined) {
      if (entry.change === "deleted") return { state: "already" };
      if (before === undefined) return { state: "ready" };
      return { state: "conflict", reason: "it was deleted here since the run began" };
    }
    if (entry.change !== "deleted" && (await this.#matches(entry.path, there, entry))) return { state: "already" };
    if (before !== undefined && (await this.#matches(entry.path, there, before))) return { state: "ready" };
    const reasonNow =
      before === undefined ? "something else is here by this name" : "it changed here since the run began";
    return { state: "conflict", reason: reasonNow };
  }

  /** Copies a collected file into place in one step, when its content still is what was collected. */
  async writeFile(entry: ManifestEntry, source: string): Promise<void> {
    const temporary = this.#temporary(entry.path);
    this.#makeParents(entry.path);
    const descriptor = openSync(temporary, "wx", 0o600);
    try {
      try {
        const sha256 = await copyInto(descriptor, source);
        if (sha256 !== entry.sha256) throw new SandboxFileError("the collected file changed since it was collected");
        fchmodSync(descriptor, Number.parseInt(entry.mode, 8) & 0o777);
      } finally {
        closeSync(descriptor);
      }
      this.#place(temporary, entry.path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  writeSymlink(entry: ManifestEntry): void {
    const temporary = this.#temporary(entry.path);
    this.#makeParents(entry.path);
    symlinkSync(entry.target ?? "", temporary);
    try {
      this.#place(temporary, entry.path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  makeDirectory(entry: ManifestEntry): void {
    this.#makeParents(entry.path);
    const there = lstatSync(this.#full(entry.path), { throwIfNoEntry: false });
    if (there?.isDirectory()) return;
    if (there !== undefined) unlinkSync(this.#full(entry.path));
    mkdirSync(this.#full(entry.path), Number.parseInt(entry.mode, 8) & 0o777);
  }

  delete(path: string): void {
    unlinkSync(this.#full(path));
  }

  #refusal(entry: ManifestEntry): string | undefined {
    const { path } = entry;
    const read = readArchivePath(Buffer.from(path));
    if ("reason" in read) return read.reason;
    if (read.path !== path || path === "") return "its path is not a plain one";
    if (hasDotGit(path)) return "it lies below .git";
    for (let parent = parentOf(path); parent !== ""; parent = parentOf(parent)) {
      if (this.#look(parent)?.isSymbolicLink()) {
        return `it would be written through a link: ${parent}`;
      }
    }
    if (entry.kind !== "symlink" || entry.change === "deleted") return undefined;
    return linkEscape(path, entry.target ?? "", (place) => this.#linkTargets.get(place) ?? this.#linkOnDisk(place));
  }

  /** `undefined` when nothing is there, also when a file is where its folder would be. */
  #look(path: string): Stats | undefined {
    try {
      return lstatSync(this.#full(path), { throwIfNoEntry: false });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
      throw error;
    }
  }

  #linkOnDisk(path: string): string | undefined {
    try {
      return readlinkSync(this.#full(path));
    } catch {
      // Not a link, or not there.
      return undefined;
    }
  }

  /** Git's notion of the same: content, and whether it may be executed. */
  async #matches(path: string, there: Stats, entry: ExtractedEntry): Promise<boolean> {
    if (entry.kind === "directory") return there.isDirectory();
    if (entry.kind === "symlink") return there.isSymbolicLink() && readlinkSync(this.#full(path)) === entry.target;
    if (!there.isFile() || there.size !== entry.size) return false;
    if ((there.mode & executableBit) !== (Number.parseInt(entry.mode, 8) & executableBit)) return false;
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(this.#full(path))) hash.update(chunk as Buffer);
    return hash.digest("hex") === entry.sha256;
  }

  #makeParents(path: string): void {
    const parent = parentOf(path);
    if (parent === "") return;
    this.#makeParents(parent);
    const there = lstatSync(this.#full(parent), { throwIfNoEntry: false });
    if (there === undefined) mkdirSync(this.#full(parent));
    else if (!there.isDirectory()) throw new SandboxFileError(`${parent} is not a folder`);
  }

  /** A folder gives way only when it is empty. */
  #place(temporary: string, path: string): void {
    const full = this.#full(path);
    if (lstatSync(full, { throwIfNoEntry: false })?.isDirectory()) rmdirSync(full);
    renameSync(temporary, full);
  }

  #temporary(path: string): string {
    const parent = parentOf(path);
    return this.#full(`${parent === "" ? "" : `${parent}/`}.glovebox-${randomBytes(8).toString("hex")}`);
  }

  #full(path: string): string {
    return `${this.#root}/${path}`;
  }
}

/** Copies a file that is no link, and returns its content's SHA-256. */
async function copyInto(descriptor: number, source: string): Promise<string> {
  const from = openSync(source, constants.O_RDONLY | constants.O_NOFOLLOW);
  const hash = createHash("sha256");
  const piece = Buffer.allocUnsafe(pieceBytes);
  try {
    for (;;) {
      const length = readSync(from, piece);
      if (length === 0) return hash.digest("hex");
      const bytes = piece.subarray(0, length);
      hash.update(bytes);
      for (let offset = 0; offset < length; ) offset += writeSync(descriptor, bytes, offset);
    }
  } finally {
    closeSync(from);
  }
}
