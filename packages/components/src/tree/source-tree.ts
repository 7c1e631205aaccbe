/** A regular file of a source. */
export interface TreeFile {
  /** Relative to the source's root, with forward slashes; never absolute, never with `..`. */
  readonly path: string;
  /** 0o755 when its owner may execute it, otherwise 0o644. */
  readonly mode: number;
  /** In bytes. */
  readonly size: number;
  /** Of its content, in hexadecimal. */
  readonly sha256: string;
}

/**
 * Something that a source holds and that is never installed: a link that leads to none of its files, a device, a name that
 * could leave the tree.
 */
export interface RefusedEntry {
  readonly path: string;
  /** A link can be left out of what it lies in; what else is here is missing there. */
  readonly isLink?: true;
  /** Completes the sentence "It …": `is a symbolic link`. */
  readonly reason: string;
}

/** The files of a source at one revision. What it holds does not change. */
export interface SourceTree {
  /** SHA-256 over every path, mode and content. */
  readonly digest: string;
  /** In the order of their paths. */
  readonly files: readonly TreeFile[];
  readonly refused: readonly RefusedEntry[];
  /** The content. Throws `not-found` for a path that is not among `files`, `file` when the cache was changed. */
  read(path: string): Promise<Buffer>;
}
