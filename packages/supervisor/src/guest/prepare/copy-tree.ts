import {
  chmodSync,
  constants,
  copyFileSync,
  type Dirent,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  type Stats,
  symlinkSync,
  utimesSync,
} from "node:fs";

/** Rights without those that make a program run as somebody else. */
const rightsMask = 0o1777;

/**
 * Copies what lies in a directory into an empty one, with rights and times; links stay links, and files that are linked twice
 * stay one. Leaves out what the user cannot read, and what is neither a file, a directory nor a link. Nothing at `source` is an
 * empty directory.
 */
export function copyTree(source: string, target: string): void {
  const found = lstatSync(source, { throwIfNoEntry: false });
  if (found?.isDirectory()) new TreeCopier().directory(Buffer.from(source), Buffer.from(target), found);
}

class TreeCopier {
  /** The copy of each file that has other names, by its number. */
  readonly #linked = new Map<string, Buffer>();

  /** The directory's own rights come last: a new one may be closed to its owner. */
  directory(source: Buffer, target: Buffer, found: Stats): void {
    for (const entry of readIfAllowed(source)) this.#entry(below(source, entry.name), below(target, entry.name));
    finish(target, found);
  }

  #entry(source: Buffer, target: Buffer): void {
    const found = lstatSync(source);
    if (found.isDirectory()) {
      mkdirSync(target, 0o700);
      this.directory(source, target, found);
    } else if (found.isSymbolicLink()) {
      symlinkSync(readlinkSync(source, "buffer"), target);
    } else if (found.isFile()) {
      this.#file(source, target, found);
    }
  }

  #file(source: Buffer, target: Buffer, found: Stats): void {
    const number = `${found.dev} ${found.ino}`;
    const earlier = found.nlink > 1 ? this.#linked.get(number) : undefined;
    if (earlier !== undefined) {
      linkSync(earlier, target);
      return;
    }
    try {
      copyFileSync(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EACCES") return;
      throw error;
    }
    finish(target, found);
    if (found.nlink > 1) this.#linked.set(number, target);
  }
}

function readIfAllowed(directory: Buffer): Dirent<Buffer>[] {
  try {
    return readdirSync(directory, { encoding: "buffer", withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EACCES") return [];
    throw error;
  }
}

function finish(target: Buffer, { mode, atime, mtime }: Stats): void {
  utimesSync(target, atime, mtime);
  chmodSync(target, mode & rightsMask);
}

function below(directory: Buffer, name: Buffer): Buffer {
  return Buffer.concat([directory, Buffer.from("/"), name]);
}
