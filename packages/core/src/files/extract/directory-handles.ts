import { closeSync, constants, existsSync, openSync, readlinkSync } from "node:fs";
import { SandboxFileError } from "../../errors/index.ts";
import { parentOf } from "../paths/parent-of.ts";

const maxOpen = 64;
const openDirectory = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** Where the system lets a path begin at an open directory. */
const openFiles = "/proc/self/fd";
const canBeginThere = existsSync(openFiles);

/**
 * Directories below a root, kept open, so that a path leads to the directory that was looked at and not to a link that
 * has taken its place since. Where the system has no such paths they are the plain ones.
 */
export class DirectoryHandles {
  readonly #root: string;
  readonly #open = new Map<string, number>();

  /** `root` is a real path. */
  constructor(root: string) {
    this.#root = root;
  }

  /** The way to a directory, which must exist and be no link. */
  path(directory: string): string {
    if (!canBeginThere) return directory === "" ? this.#root : `${this.#root}/${directory}`;
    return `${openFiles}/${this.#descriptor(directory)}`;
  }

  close(): void {
    for (const descriptor of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
  }

  #descriptor(directory: string): number {
    const known = this.#open.get(directory);
    if (known !== undefined) {
      // The last one used is the last one closed.
      this.#open.delete(directory);
      this.#open.set(directory, known);
      return known;
    }
    const descriptor = directory === "" ? this.#openRoot() : openSync(this.#pathOf(directory), openDirectory);
    this.#open.set(directory, descriptor);
    for (const [oldest, old] of this.#open) {
      if (this.#open.size <= maxOpen) break;
      if (oldest === directory) continue;
      this.#open.delete(oldest);
      closeSync(old);
    }
    return descriptor;
  }

  #pathOf(directory: string): string {
    const name = directory.slice(directory.lastIndexOf("/") + 1);
    return `${openFiles}/${this.#descriptor(parentOf(directory))}/${name}`;
  }

  #openRoot(): number {
    const descriptor = openSync(this.#root, openDirectory);
    if (readlinkSync(`${openFiles}/${descriptor}`) === this.#root) return descriptor;
    closeSync(descriptor);
    throw new SandboxFileError(`${this.#root} was replaced by a link while it was about to be written`);
  }
}
