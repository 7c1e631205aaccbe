import { isUtf8 } from "node:buffer";
import { safeName } from "../../text/safe-name.ts";
import { foreignRepositoryRefusal } from "../git/repository-layout.ts";
import { readArchivePath, showName } from "../paths/archive-path.ts";
import { isDotGit } from "../paths/dot-git.ts";
import { pathKey } from "../paths/filesystem-traits.ts";
import { linkEscape } from "../paths/link-escape.ts";
import { parentOf } from "../paths/parent-of.ts";
import type { TarEntry, TarHandler } from "../tar/tar-reader.ts";
import { ArchiveClaims } from "./archive-claims.ts";
import { PastLimits, TooLargeToSkip } from "./archive-limits.ts";
import { DeferredHeads } from "./deferred-heads.ts";
import {
  type ExtractedEntry,
  type Extraction,
  type ExtractOptions,
  type FoundRepository,
  octalMode,
} from "./extraction.ts";
import { EntryRefusal, ExtractionDirectory, type OpenFile } from "./extraction-directory.ts";
import { SkippedList } from "./skipped-list.ts";

const maxEntriesByDefault = 1_000_000;
/** Names are kept until the end; this bounds what they can cost. */
const maxNameBytes = 128 * 1024 * 1024;
/** Looking after links that lead through links may cost this many steps in all. */
const maxLinkSteps = 10_000_000;
const maxDrainedByDefault = 8 * 1024 ** 3;
const maxReasonLength = 300;
const maxRepositories = 100;
/** Failures that concern every entry alike. */
const fatalCodes: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EIO", "EROFS", "EMFILE", "ENFILE", "ENOMEM"]);

interface PendingLink {
  readonly path: string;
  readonly target: string;
  readonly modifiedSeconds: number;
}

/** Decides, entry by entry, what of an archive is written. Symlinks are made last, so that nothing can pass through one. */
export class ArchiveEntries implements TarHandler {
  readonly #options: ExtractOptions;
  readonly #directory: ExtractionDirectory;
  readonly #claims: ArchiveClaims;
  readonly #entries = new Map<string, ExtractedEntry>();
  readonly #left = new Set<string>();
  readonly #skipped = new SkippedList();
  readonly #links: PendingLink[] = [];
  readonly #heads: DeferredHeads;
  readonly #repositories = new Map<string, FoundRepository>();
  #current: { readonly file: OpenFile; readonly entry: TarEntry } | undefined;
  #nameBytes = 0;
  #drainedBytes = 0;
  count = 0;
  bytes = 0;

  constructor(options: ExtractOptions) {
    this.#options = options;
    this.#directory = new ExtractionDirectory(
      options.directory,
      (path) => options.existing?.(path) ?? { mayReplace: true },
    );
    this.#heads = new DeferredHeads(this.#directory);
    this.#claims = new ArchiveClaims(this.#directory, options.traits);
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
      this.#guard(current.file.path, () => this.#directory.write(current.file, bytes));
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
      const sha256 = this.#directory.closeFile(file, mode, entry.modifiedSeconds);
      this.#current = undefined;
      this.#keepFile(file.path, mode, entry.size, sha256);
    });
  }

  /** Notes why everything that would have followed is missing. */
  cutOff(reason: string): void {
    this.#skipped.addFirst("…", `${reason}: what follows was left out`);
  }

  /** Makes the symlinks that stay in the directory. To be called when the archive has been read, or has broken off. */
  makeLinks(): void {
    const unmade = new Set(this.#releaseHeads());
    const key = (path: string) => pathKey(path, this.#options.traits);
    const targets = new Map(this.#links.map((link) => [key(link.path), link.target]));
    let steps = 0;
    const linkAt = (path: string) => {
      steps += 1;
      if (steps > maxLinkSteps) throw new EntryRefusal("the links lead through too many others");
      const target = targets.get(key(path));
      if (target !== undefined || this.#entries.has(path) || this.#directory.has(path)) return target;
      return this.#directory.linkOnDisk(path);
    };
    for (const { path, target, modifiedSeconds } of this.#links) {
      if (unmade.has(path)) continue;
      this.#guard(path, () => {
        const reason = linkEscape(path, target, linkAt);
        if (reason !== undefined) throw new EntryRefusal(reason);
        this.#directory.symlink(path, target, modifiedSeconds);
        this.#entries.set(path, { path, kind: "symlink", mode: "0777", target });
      });
    }
  }

  /** Gives the directories their modes, and tells what came of it all. */
  finish(): Omit<Extraction, "complete" | "error"> {
    if (this.#current !== undefined) this.#refuse(this.#current.file.path, "the archive ends within it");
    for (const path of this.#claims.implied) {
      this.#entries.set(path, { path, kind: "directory", mode: octalMode(this.#directory.modeOf(path)) });
    }
    for (const path of this.#directory.finish()) this.#skipped.add(path, "its mode and time could not be set");
    const repositories = [...this.#repositories.values()];
    const skipped = this.#skipped.entries;
    const { replaced } = this.#directory;
    return { entries: this.#entries, skipped, left: this.#left, replaced, repositories, bytes: this.bytes };
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
      this.#directory.dropFile(this.#current.file);
      this.#current = undefined;
    }
    this.#left.add(path);
    this.#skipped.add(path, reason.slice(0, maxReasonLength), isPastLimit);
  }

  #accept(path: string, entry: TarEntry): void {
    if (this.#isBelowDotGit(path)) return;
    if (this.#options.ignores(path, entry.kind === "directory")) return;
    if (entry.skipped !== undefined) {
      this.#takeBack(path);
      throw new EntryRefusal(entry.skipped);
    }
    const problem = foreignRepositoryRefusal(path, entry.kind);
    if (problem !== undefined) throw new EntryRefusal(problem);
    if (this.#heads.completes(path, this.#options.before)) {
      throw new EntryRefusal("with the HEAD that is there, it would make a repository of its directory");
    }
    this.#claims.claim(path, entry.kind === "directory");
    if (entry.kind === "directory") this.#acceptDirectory(path, entry);
    else if (entry.kind === "file") this.#acceptFile(path, entry);
    else if (entry.kind === "symlink") this.#acceptLink(path, entry);
    else if (entry.kind === "hard-link") this.#acceptHardLink(path, entry);
    else throw new EntryRefusal(entry.kind === "unknown" ? "it is of an unknown kind" : `it is a ${entry.kind}`);
  }

  /** Nothing below a `.git` is ever written: a repository comes another way. */
  #isBelowDotGit(path: string): boolean {
    const segments = path.split("/");
    const at = segments.findIndex(isDotGit);
    if (at < 0) return false;
    const place = segments.slice(0, at + 1).join("/");
    if (this.#left.has(place) || this.#isIgnored(place)) return true;
    if (segments[at] === ".git") {
      this.#left.add(place);
      this.#foundRepository({ path: parentOf(place), isBare: false });
    } else {
      this.#refuse(place, "some disks take its name for .git");
    }
    return true;
  }

  #isIgnored(path: string): boolean {
    if (path === "") return false;
    return this.#isIgnored(parentOf(path)) || this.#options.ignores(path, true);
  }

  #foundRepository(repository: FoundRepository): void {
    if (this.#repositories.size < maxRepositories) this.#repositories.set(repository.path, repository);
    else this.#skipped.add(repository.path, `a repository, after ${maxRepositories} others`);
  }

  #releaseHeads(): string[] {
    const { before } = this.#options;
    const claimed = this.#claims.paths;
    const refused = this.#heads.release({ claimed, links: this.#links, entries: this.#entries, before });
    for (const path of refused) {
      const entry = this.#entries.get(path);
      this.bytes -= entry?.size ?? 0;
      this.#entries.delete(path);
      this.#refuse(path, "it makes a repository of its directory, whose settings git would obey");
      this.#foundRepository({ path: parentOf(path), isBare: true });
    }
    return refused;
  }

  /** The sandbox's side found only after it had sent a file that it could not be read to its end. */
  #takeBack(path: string): void {
    const entry = this.#entries.get(path);
    if (entry?.kind !== "file") return;
    this.#entries.delete(path);
    this.bytes -= entry.size ?? 0;
    this.#directory.remove(this.#heads.placeOf(path));
  }

  #acceptDirectory(path: string, entry: TarEntry): void {
    const mode = entry.mode >= 0 ? entry.mode : 0o755;
    this.#directory.directory(path, mode, entry.modifiedSeconds);
    this.#entries.set(path, { path, kind: "directory", mode: octalMode(mode) });
  }

  #acceptFile(path: string, entry: TarEntry): void {
    const reason = this.#overLimit(entry.size);
    if (reason !== undefined && entry.size > (this.#options.stopAboveBytes ?? Number.POSITIVE_INFINITY)) {
      throw new TooLargeToSkip({ path, reason, pastLimit: true });
    }
    if (reason !== undefined) throw new EntryRefusal(reason, true);
    this.#current = { file: this.#directory.openFile(path, this.#heads.hold(path)), entry };
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
      throw new EntryRefusal(`it is a hard link to what is not in the result: ${safeName(showName(entry.target))}`);
    }
    const reason = this.#overLimit(file.size);
    if (reason !== undefined) throw new EntryRefusal(reason);
    this.#directory.copyFile(this.#heads.placeOf(file.path), this.#heads.hold(path));
    this.#keepFile(path, Number.parseInt(file.mode, 8), file.size, file.sha256);
  }
}
