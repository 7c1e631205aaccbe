import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  symlinkSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { SandboxFileError } from "../../errors/index.ts";
import { streamHostFile } from "../../host-files/read-host-file.ts";
import { isVersionControl } from "../../host-files/version-control.ts";
import { isRunning } from "../../state/is-running.ts";
import type { ExtractedEntry } from "../extract/extraction.ts";
import { foreignRepositoryRefusal } from "../git/repository-layout.ts";
import type { ManifestEntry } from "../manifest.ts";
import { readArchivePath } from "../paths/archive-path.ts";
import { hasDotGit } from "../paths/dot-git.ts";
import { linkEscape } from "../paths/link-escape.ts";
import { parentOf } from "../paths/parent-of.ts";
import { TargetRepositories } from "./target-repositories.ts";

/** How an entry of a result stands to the directory it shall be brought into. */
export type ApplyStatus =
  /** There already, or gone already. */
  | { readonly state: "already" }
  /** As it was before the run: may be written or deleted. */
  | { readonly state: "ready" }
  | { readonly state: "conflict"; readonly reason: string }
  | { readonly state: "refused"; readonly reason: string };

const executableBit = 0o100;
const temporaryName = /^\.glovebox-(?<pid>\d+)-[0-9a-f]{16}$/;
const staleMs = 10 * 60_000;

/** A project that a result is brought into. Never writes below `.git` or through a link, and never follows one out. */
export class TargetDirectory {
  readonly #root: string;
  readonly #linkTargets: ReadonlyMap<string, string>;
  readonly #repositories: TargetRepositories;
  /** What was there when an entry was compared, before its content was read. */
  readonly #seen = new Map<string, string>();
  readonly #since: string;

  /** `root` is a real path; the manifest says which links will be there; `since` names in reasons what changes are counted from. */
  constructor(root: string, manifest: readonly ManifestEntry[], since = "the run began") {
    this.#root = root;
    this.#since = since;
    this.#repositories = new TargetRepositories(root, manifest);
    const links = manifest.filter((entry) => entry.kind === "symlink" && entry.change !== "deleted");
    this.#linkTargets = new Map(links.map((entry) => [entry.path, entry.target ?? ""]));
  }

  /**
   * Removes the temporary files that an earlier `apply`, which was killed, has left beside the entries. Those of a process that
   * lives stay, unless they are old: its number may be another one's today.
   */
  removeStale(entries: readonly ManifestEntry[]): void {
    for (const directory of new Set(entries.map(({ path }) => parentOf(path)))) {
      for (const name of this.#names(directory)) {
        const path = directory === "" ? name : `${directory}/${name}`;
        const maker = temporaryName.exec(name)?.groups?.pid;
        if (maker === undefined || this.#refusal({ path, kind: "file", mode: "0600", change: "deleted" })) continue;
        const existing = this.#look(path);
        if (existing === undefined || existing.isDirectory()) continue;
        if (!isRunning(Number(maker)) || Date.now() - existing.mtimeMs > staleMs)
          rmSync(this.#full(path), { force: true });
      }
    }
  }

  #names(directory: string): readonly string[] {
    try {
      return readdirSync(this.#full(directory));
    } catch {
      // Not there, or none that may be looked into: nothing of ours is in it.
      return [];
    }
  }

  /** `before` is what went in under the same path. */
  async status(entry: ManifestEntry, before: ExtractedEntry | undefined): Promise<ApplyStatus> {
    try {
      const reason = this.#refusal(entry);
      return reason === undefined ? await this.#compare(entry, before) : { state: "refused", reason };
    } catch (error) {
      return { state: "refused", reason: `it cannot be looked at here: ${(error as Error).message}` };
    }
  }

  async #compare(entry: ManifestEntry, before: ExtractedEntry | undefined): Promise<ApplyStatus> {
    const existing = this.#look(entry.path);
    this.#seen.set(entry.path, this.stamp(entry.path));
    if (existing === undefined) {
      if (entry.change === "deleted") return { state: "already" };
      if (before === undefined) return { state: "ready" };
      return { state: "conflict", reason: `it was deleted here since ${this.#since}` };
    }
    if (entry.change !== "deleted" && (await this.#matches(entry.path, existing, entry))) return { state: "already" };
    if (before !== undefined && (await this.#matches(entry.path, existing, before))) return { state: "ready" };
    const reasonNow =
      before === undefined ? "something else is here by this name" : `it changed here since ${this.#since}`;
    return { state: "conflict", reason: reasonNow };
  }

  /** Whether the same is at a path as when its entry was compared: to read a large file takes a while. */
  isAsSeen(path: string): boolean {
    return this.#seen.get(path) === this.stamp(path);
  }

  /** Differs when something else is at a path, or its content was written. Empty for nothing. */
  stamp(path: string): string {
    try {
      const existing = lstatSync(this.#full(path), { throwIfNoEntry: false, bigint: true });
      return existing === undefined
        ? ""
        : [existing.dev, existing.ino, existing.size, existing.mtimeNs, existing.ctimeNs].join();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return "";
      throw error;
    }
  }

  /**
   * Copies a collected file into place in one step, when its content still is what was collected and `mayTakePlace` says so
   * after the copy. False when it says no. With `exactMode` this process's mask takes nothing from the mode.
   */
  async writeFile(
    entry: ManifestEntry,
    source: string,
    mayTakePlace: () => boolean,
    { exactMode = false }: { readonly exactMode?: boolean } = {},
  ): Promise<boolean> {
    const temporary = this.#temporary(entry.path);
    this.#makeParents(entry.path);
    const descriptor = openSync(temporary, "wx", 0o600);
    try {
      try {
        const sha256 = await copyInto(descriptor, source);
        if (sha256 !== entry.sha256) throw new SandboxFileError("the collected file changed since it was collected");
        fchmodSync(descriptor, Number.parseInt(entry.mode, 8) & (exactMode ? 0o7777 : 0o777 & ~process.umask()));
      } finally {
        closeSync(descriptor);
      }
      const takesPlace = mayTakePlace();
      if (takesPlace) this.#place(temporary, entry.path);
      return takesPlace;
    } finally {
      rmSync(temporary, { force: true });
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
    const existing = lstatSync(this.#full(entry.path), { throwIfNoEntry: false });
    if (existing?.isDirectory()) return;
    if (existing !== undefined) unlinkSync(this.#full(entry.path));
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
    const ofRepository = foreignRepositoryRefusal(path, entry.kind) ?? this.#repositories.refusal(path);
    if (ofRepository !== undefined && entry.change !== "deleted") return ofRepository;
    for (let parent = parentOf(path); parent !== ""; parent = parentOf(parent)) {
      const isRepository = isVersionControl(parent.slice(parent.lastIndexOf("/") + 1));
      if (isRepository && this.#look(parent) !== undefined)
        return `${parent} is there already, and is not written into`;
      if (this.#look(parent)?.isSymbolicLink()) {
        return `it would be written through a link: ${parent}`;
      }
    }
    if (entry.kind !== "symlink" || entry.change === "deleted") return undefined;
    return linkEscape(path, entry.target ?? "", (place) => this.#linkTargets.get(place) ?? this.#linkOnDisk(place));
  }

  /** `undefined` when nothing is there, also when a file is where its directory would be. */
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
  async #matches(path: string, existing: Stats, entry: ExtractedEntry): Promise<boolean> {
    if (entry.kind === "directory") return existing.isDirectory();
    if (entry.kind === "symlink") return existing.isSymbolicLink() && readlinkSync(this.#full(path)) === entry.target;
    if (!existing.isFile() || existing.size !== entry.size) return false;
    if ((existing.mode & executableBit) !== (Number.parseInt(entry.mode, 8) & executableBit)) return false;
    const hash = createHash("sha256");
    for await (const piece of streamHostFile(this.#full(path), { noFollow: true })) hash.update(piece);
    return hash.digest("hex") === entry.sha256;
  }

  #makeParents(path: string): void {
    const parent = parentOf(path);
    if (parent === "") return;
    this.#makeParents(parent);
    const existing = lstatSync(this.#full(parent), { throwIfNoEntry: false });
    if (existing === undefined) mkdirSync(this.#full(parent));
    else if (!existing.isDirectory()) throw new SandboxFileError(`${parent} is not a directory`);
  }

  /** A directory gives way only when it is empty. */
  #place(temporary: string, path: string): void {
    const full = this.#full(path);
    if (lstatSync(full, { throwIfNoEntry: false })?.isDirectory()) rmdirSync(full);
    renameSync(temporary, full);
  }

  #temporary(path: string): string {
    const parent = parentOf(path);
    const name = `.glovebox-${process.pid}-${randomBytes(8).toString("hex")}`;
    return this.#full(parent === "" ? name : `${parent}/${name}`);
  }

  #full(path: string): string {
    return `${this.#root}/${path}`;
  }
}

/** Copies a file that is no link, and returns its content's SHA-256. */
async function copyInto(descriptor: number, source: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of streamHostFile(source, { noFollow: true })) {
    hash.update(piece);
    for (let offset = 0; offset < piece.length; ) offset += writeSync(descriptor, piece, offset);
  }
  return hash.digest("hex");
}
