import { type FilesystemTraits, pathKey } from "../paths/filesystem-traits.ts";
import { parentOf } from "../paths/parent-of.ts";
import { EntryRefusal, type ExtractionDirectory } from "./extraction-directory.ts";

/** The places that the entries of an archive take. Names that are the same on this disk are one place. */
export class ArchiveClaims {
  readonly #directory: ExtractionDirectory;
  readonly #traits: FilesystemTraits;
  readonly #claims = new Map<string, string>();
  readonly #implied = new Set<string>();

  constructor(directory: ExtractionDirectory, traits: FilesystemTraits) {
    this.#directory = directory;
    this.#traits = traits;
  }

  get paths(): Iterable<string> {
    return this.#claims.values();
  }

  /** Directories that were created for something below them and that the archive has not named. */
  get implied(): Iterable<string> {
    return this.#implied;
  }

  /** Takes the place of an entry. Throws an `EntryRefusal` where another has it. */
  claim(path: string, isDirectory: boolean): void {
    this.#claimParents(path);
    const key = pathKey(path, this.#traits);
    const claimed = this.#claims.get(key);
    if (claimed === undefined) this.#claims.set(key, path);
    else if (claimed !== path) throw new EntryRefusal(`on this disk it is the same as ${claimed}`);
    else if (!isDirectory || !this.#implied.delete(path)) throw new EntryRefusal("the archive names it twice");
  }

  #claimParents(path: string): void {
    const parent = parentOf(path);
    if (this.#directory.has(parent)) return;
    this.#claimParents(parent);
    const key = pathKey(parent, this.#traits);
    const claimed = this.#claims.get(key);
    if (claimed === parent) throw new EntryRefusal("it lies below something that is not a directory");
    if (claimed !== undefined) throw new EntryRefusal(`on this disk its directory is the same as ${claimed}`);
    this.#directory.ensureDirectory(parent);
    this.#claims.set(key, parent);
    this.#implied.add(parent);
  }
}
