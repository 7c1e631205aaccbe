import { randomBytes } from "node:crypto";
import { lenientName } from "../../host-files/version-control.ts";
import { sameEntry } from "../baseline/compare-baseline.ts";
import { isGitHead, isRepositoryData, isRepositoryLayout } from "../git/repository-layout.ts";
import { parentOf } from "../paths/parent-of.ts";
import type { ExtractedEntry } from "./extraction.ts";
import type { ExtractionDirectory } from "./extraction-directory.ts";

export interface ReleaseOptions {
  /** Every path that the archive has a place for, links included. */
  readonly claimed: Iterable<string>;
  /** Links that are about to be made. */
  readonly links: readonly { readonly path: string }[];
  readonly entries: ReadonlyMap<string, ExtractedEntry>;
  readonly before: ReadonlyMap<string, ExtractedEntry> | undefined;
}

const partNames: ReadonlySet<string> = new Set(["objects", "refs", "commondir"]);

/**
 * Files called `HEAD` wait under another name until the whole archive is read: only then is it known whether one of them
 * would make a directory a repository, whose settings git obeys as soon as it is the current directory. So no archive puts such a
 * directory on the disk, not even for a moment, and not together with what an earlier one left there.
 */
export class DeferredHeads {
  readonly #directory: ExtractionDirectory;
  readonly #places = new Map<string, string>();
  readonly #suffix = `.glovebox-${randomBytes(6).toString("hex")}`;

  constructor(directory: ExtractionDirectory) {
    this.#directory = directory;
  }

  /** Where the file's content is to be written. */
  hold(path: string): string {
    if (!isGitHead(path)) return path;
    const place = `${path}${this.#suffix}`;
    this.#places.set(path, place);
    return place;
  }

  /** Whether the path would make a repository of a directory that has a `HEAD` from before. */
  completes(path: string, before: ReadonlyMap<string, ExtractedEntry> | undefined): boolean {
    for (let place = path; place !== ""; place = parentOf(place)) {
      if (!partNames.has(lenientName(place.slice(place.lastIndexOf("/") + 1)))) continue;
      const directory = parentOf(place);
      const head = directory === "" ? "HEAD" : `${directory}/HEAD`;
      if (before?.has(head) !== true && this.#directory.exists(head)) return true;
    }
    return false;
  }

  placeOf(path: string): string {
    return this.#places.get(path) ?? path;
  }

  /** Gives the files their name, but for those that would make a repository: these are removed, and returned. */
  release(options: ReleaseOptions): string[] {
    const links = options.links.map(({ path }) => path).filter(isGitHead);
    const heads = [...this.#places.keys()].filter((path) => options.entries.has(path));
    if (heads.length + links.length === 0) return [];
    const names = namesIn(new Set([...heads, ...links].map(parentOf)), options.claimed);
    const refused: string[] = [];
    for (const path of [...heads, ...links]) {
      const directory = parentOf(path);
      const holds = (name: string) =>
        names.get(directory)?.has(name) === true ||
        this.#directory.exists(directory === "" ? name : `${directory}/${name}`);
      const isRefused = isRepositoryLayout(holds) && !isAsBefore(directory, options);
      if (isRefused) refused.push(path);
      const place = this.#places.get(path);
      if (place === undefined) continue;
      if (isRefused) {
        this.#directory.remove(place);
        // One that an earlier collection brought would make the same of the directory.
        if (this.#directory.exists(path)) this.#directory.remove(path);
      } else this.#directory.rename(place, path);
    }
    this.#places.clear();
    return refused;
  }
}

function namesIn(directories: ReadonlySet<string>, paths: Iterable<string>): Map<string, Set<string>> {
  const names = new Map([...directories].map((directory) => [directory, new Set<string>()]));
  for (const path of paths) names.get(parentOf(path))?.add(lenientName(path.slice(path.lastIndexOf("/") + 1)));
  return names;
}

/** A project can hold bare repositories of its own, for tests say. */
function isAsBefore(directory: string, { entries, links, before }: ReleaseOptions): boolean {
  if (before === undefined) return false;
  const prefix = directory === "" ? "" : `${directory}/`;
  const isTelling = (path: string) => path.startsWith(prefix) && !isRepositoryData(path.slice(prefix.length));
  if (links.some(({ path }) => path.startsWith(prefix))) return false;
  for (const [path, entry] of entries) {
    if (!isTelling(path)) continue;
    const earlier = before.get(path);
    if (earlier === undefined || !sameEntry(entry, earlier)) return false;
  }
  return true;
}
