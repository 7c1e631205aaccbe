import { isUtf8 } from "node:buffer";
import type { SkippedEntry } from "../run/run-result.ts";
import { readArchivePath, showName } from "./archive-path.ts";
import { pathKey } from "./disk-traits.ts";
import { isDotGit } from "./dot-git.ts";
import { type ExtractedEntry, type Extraction, type ExtractOptions, octalMode } from "./extraction.ts";
import { EntryRefusal, ExtractionFolder, type OpenFile } from "./extraction-folder.ts";
import { linkEscape } from "./link-escape.ts";
import { parentOf } from "./parent-of.ts";
import { SkippedList } from "./skipped-list.ts";
import type { TarEntry, TarHandler } from "./tar-reader.ts";

const maxEntriesByDefault = 1_000_000;
/** Names are kept until the end; this bounds what they can cost. */
const maxNameBytes = 128 * 1024 * 1024;
/** Looking after links that lead through links may cost this many steps in all. */
const maxLinkSteps = 10_000_000;
const maxDrainedByDefault = 8 * 1024 ** 3;
const maxReasonLength = 300;
/** Failures that concern every entry alike. */
const fatalCodes: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EIO", "EROFS", "EMFILE", "ENFILE", "ENOMEM"]);

/** Stops the reading at a file that is not kept and too large to be read over. */
export class TooLargeToSkip extends Error {
  readonly entry: SkippedEntry;
  constructor(entry: SkippedEntry) {
    super(entry.reason);
    this.entry = entry;
  }
}

/** Stops the reading because the sandbox sends more than is taken. Asking again would bring the same. */
export class PastLimits extends Error {}

interface PendingLink {
  readonly path: string;
  readonly target: string;
  readonly modifiedSeconds: number;
}

/** Decides, entry by entry, what of an archive is written. Symlinks are made last, so that nothing can pass through one. */
export class ArchiveEntries implements TarHandler {
  readonly #options: ExtractOptions;
  readonly #folder: ExtractionFolder;
  /** Every place that is taken, by what the disk takes for the same name. */
  readonly #claims = new Map<string, string>();
  /** Folders that came into being for something below them, until the archive names them. */
  readonly #implied = new Set<string>();
  readonly #entries = new Map<string, ExtractedEntry>();
  readonly #left = new Set<string>();
  readonly #skipped = new SkippedList();
  readonly #links: PendingLink[] = [];
  #current: { readonly file: OpenFile; readonly entry: TarEntry } | undefined;
  #nameBytes = 0;
  #drainedBytes = 0;
  count = 0;
  bytes = 0;

  constructor(options: ExtractOptions) {
    this.#options = options;
    this.#folder = new ExtractionFolder(options.directory);
  }

  onEntry(entry: TarEntry): void {
    this.#count(entry);
    const name = readArchivePath(entry.path);
    if ("reason" in name) {
      this.#skipped.add(name.shown, name.reason);
    } else if (name.path !== "") {
      this.#guard(name.path, () => this.#accept(name.path, entry));
    }
  }

  onContent(bytes: Buffer): void {
    const current = this.#current;
    if (current !== undefined) {
      this.#guard(current.file.path, () => this.#folder.write(current.file, bytes));
      return;
    }
    this.#drainedBytes += bytes.length;
    const limit = this.#options.maxDrainedBytes ?? maxDrainedByDefault;
    if (this.#drainedBytes > limit) throw new PastLimits(`what is left out of the result is over ${limit} bytes`);
  }

  onEntryEnd(): void {
    const current = this.#current;
    if (current === undefined) return;
    this.#guard(current.file.path, () => {
      const { file, entry } = current;
      const mode = entry.mode >= 0 ? entry.mode : 0o644;
      const sha256 = this.#folder.closeFile(file, mode, entry.modifiedSeconds);
      this.#current = undefined;
      this.#keepFile(file.path, mode, entry.size, sha256);
    });
  }

  /** Notes why everything that would have followed is missing. */
  cutOff(reason: string): void {
    this.#skipped.addFirst("…", `${reason}: what follows was left out`);
  }

  /** Makes the symlinks that stay in the folder. To be called when the archive has been read, or has broken off. */
  makeLinks(): void {
    const key = (path: string) => pathKey(path, this.#options.traits);
    const targets = new Map(this.#links.map((link) => [key(link.path), link.target]));
    let steps = 0;
    const linkAt = (path: string) => {
      steps += 1;
      if (steps > maxLinkSteps) throw new EntryRefusal("the links lead through too many others");
      const target = targets.get(key(path));
      if (target !== undefined || this.#entries.has(path) || this.#folder.has(path)) return target;
      return this.#folder.linkOnDisk(path);
    };
    for (const { path, target, modifiedSeconds } of this.#links) {
      this.#guard(path, () => {
        const reason = linkEscape(path, target, linkAt);
        if (reason !== undefined) throw new EntryRefusal(reason);
        this.#folder.symlink(path, target, modifiedSeconds);
        this.#entries.set(path, { path, kind: "symlink", mode: "0777", target });
      });
    }
  }

  /** Gives the folders their modes, and tells what came of it all. */
  finish(): Omit<Extraction, "complete" | "error"> {
    if (this.#current !== undefined) this.#refuse(this.#current.file.path, "the archive ends within it");
    for (const path of this.#implied) {
      this.#entries.set(path, { path, kind: "directory", mode: octalMode(this.#folder.modeOf(path)) });
    }
    for (const path of this.#folder.finish()) this.#skipped.add(path, "its mode and time could not be set");
    return { entries: this.#entries, skipped: this.#skipped.entries, left: this.#left, bytes: this.bytes };
  }

  #count(entry: TarEntry): void {
    this.count += 1;
    this.#nameBytes += entry.path.length + entry.target.length;
    const maxEntries = this.#options.maxEntries ?? maxEntriesByDefault;
    if (this.count > maxEntries) throw new PastLimits(`the result has more than ${maxEntries} entries`);
    if (this.#nameBytes > maxNameBytes) throw new PastLimits("the names in the result are larger than 128 MiB");
  }

  /** What concerns one entry refuses this entry; what concerns them all goes up. */
  #guard(path: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (error instanceof EntryRefusal) this.#refuse(path, error.reason, error.isPastLimit);
      else if (code === "ENAMETOOLONG") this.#refuse(path, "its name is too long for this disk");
      else if (code === "EILSEQ" || code === "EINVAL") this.#refuse(path, "this disk cannot hold its name");
      else if ((error as NodeJS.ErrnoException).syscall === undefined || fatalCodes.has(code)) throw error;
      else this.#refuse(path, `it could not be written: ${code}`);
    }
  }

  #refuse(path: string, reason: string, isPastLimit = false): void {
    if (this.#current?.file.path === path) {
      this.#folder.dropFile(this.#current.file);
      this.#current = undefined;
    }
    this.#left.add(path);
    this.#skipped.add(path, reason.slice(0, maxReasonLength), isPastLimit);
  }

  #accept(path: string, entry: TarEntry): void {
    if (this.#options.refuseDotGit && this.#isBelowDotGit(path)) return;
    if (this.#options.ignores(path, entry.kind === "directory")) return;
    if (entry.skipped !== undefined) {
      this.#takeBack(path);
      throw new EntryRefusal(entry.skipped);
    }
    this.#claim(path, entry.kind === "directory");
    if (entry.kind === "directory") this.#acceptDirectory(path, entry);
    else if (entry.kind === "file") this.#acceptFile(path, entry);
    else if (entry.kind === "symlink") this.#acceptLink(path, entry);
    else if (entry.kind === "hard-link") this.#acceptHardLink(path, entry);
    else throw new EntryRefusal(entry.kind === "unknown" ? "it is of an unknown kind" : `it is a ${entry.kind}`);
  }

  #isBelowDotGit(path: string): boolean {
    const segments = path.split("/");
    const at = segments.findIndex(isDotGit);
    if (at < 0) return false;
    const place = segments.slice(0, at + 1).join("/");
    if (!this.#left.has(place)) this.#refuse(place, "a .git folder is not brought back; commits come as a bundle");
    return true;
  }

  /** The sandbox's side found only after it had sent a file that it could not be read to its end. */
  #takeBack(path: string): void {
    const entry = this.#entries.get(path);
    if (entry?.kind !== "file") return;
    this.#entries.delete(path);
    this.bytes -= entry.size ?? 0;
    this.#folder.remove(path);
  }

  #claim(path: string, isDirectory: boolean): void {
    this.#claimParents(path);
    const key = pathKey(path, this.#options.traits);
    const claimed = this.#claims.get(key);
    if (claimed === undefined) this.#claims.set(key, path);
    else if (claimed !== path) throw new EntryRefusal(`on this disk it is the same as ${claimed}`);
    else if (!isDirectory || !this.#implied.delete(path)) throw new EntryRefusal("the archive names it twice");
  }

  #claimParents(path: string): void {
    const parent = parentOf(path);
    if (this.#folder.has(parent)) return;
    this.#claimParents(parent);
    const key = pathKey(parent, this.#options.traits);
    const claimed = this.#claims.get(key);
    if (claimed === parent) throw new EntryRefusal("it lies below something that is not a folder");
    if (claimed !== undefined) throw new EntryRefusal(`on this disk its folder is the same as ${claimed}`);
    this.#folder.ensureDirectory(parent);
    this.#claims.set(key, parent);
    this.#implied.add(parent);
  }

  #acceptDirectory(path: string, entry: TarEntry): void {
    const mode = entry.mode >= 0 ? entry.mode : 0o755;
    this.#folder.directory(path, mode, entry.modifiedSeconds);
    this.#entries.set(path, { path, kind: "directory", mode: octalMode(mode) });
  }

  #acceptFile(path: string, entry: TarEntry): void {
    const reason = this.#overLimit(entry.size);
    if (reason !== undefined && entry.size > (this.#options.stopAboveBytes ?? Number.POSITIVE_INFINITY)) {
      throw new TooLargeToSkip({ path, reason, pastLimit: true });
    }
    if (reason !== undefined) throw new EntryRefusal(reason, true);
    this.#current = { file: this.#folder.openFile(path), entry };
  }

  #overLimit(size: number): string | undefined {
    const { fileBytes, totalBytes } = this.#options;
    if (size > fileBytes) return `it has ${size} bytes; the limit of a file is ${fileBytes}`;
    if (this.bytes + size > totalBytes) return `with its ${size} bytes the result would pass ${totalBytes}`;
    return undefined;
  }

  #keepFile(path: string, mode: number, size: number, sha256: string): void {
    this.bytes += size;
    this.#entries.set(path, { path, kind: "file", mode: octalMode(mode), size, sha256 });
  }

  #acceptLink(path: string, entry: TarEntry): void {
    if (!isUtf8(entry.target)) throw new EntryRefusal("its target is not valid UTF-8");
    this.#links.push({ path, target: entry.target.toString("utf8"), modifiedSeconds: entry.modifiedSeconds });
  }

  #acceptHardLink(path: string, entry: TarEntry): void {
    const source = readArchivePath(entry.target);
    const file = "path" in source ? this.#entries.get(source.path) : undefined;
    if (file?.kind !== "file" || file.size === undefined || file.sha256 === undefined) {
      throw new EntryRefusal(`it is a hard link to what is not in the result: ${showName(entry.target)}`);
    }
    const reason = this.#overLimit(file.size);
    if (reason !== undefined) throw new EntryRefusal(reason);
    this.#folder.copyFile(file.path, path);
    this.#keepFile(path, Number.parseInt(file.mode, 8), file.size, file.sha256);
  }
}
