import type { CallOptions } from "./call-options.ts";

/** What a path in a sandbox is. A symlink is never followed. */
export type FileKind = "file" | "directory" | "symlink" | "other";

/** What is known about a file in a sandbox. */
export interface FileInfo {
  /** Absolute. */
  readonly path: string;
  readonly kind: FileKind;
  /** In bytes; 0 for what is not a file. */
  readonly size: number;
  /** Permission bits: 0o644. */
  readonly mode: number;
  readonly modifiedAt: Date;
  /** Of a symlink: where it points, as written. */
  readonly target?: string;
}

/** How a directory of a sandbox is read. Every option may be left out. */
export interface GetArchiveOptions extends CallOptions {
  /**
   * Left out, wherever they match below the directory: a bare name matches any path segment (`node_modules`), a path with a
   * slash is relative to the directory (`./build/cache`).
   */
  readonly exclude?: readonly string[];
  /** Lets a piece's memory be used again once the next piece is asked for. Every piece has memory of its own without it. */
  readonly reuseBuffers?: boolean;
}

/**
 * Files in a sandbox, seen and written as the sandbox's user. Paths are absolute. Links are never followed on the last
 * segment. Failures are `file` errors, a missing path is `not-found`.
 */
export interface SandboxFiles {
  /** Throws `lost` when the stream ends before the file does. */
  readStream(path: string, options?: CallOptions): Promise<AsyncIterable<Uint8Array>>;
  /** Creates or replaces a file; missing parents are made. A body that fails leaves the old file as it was. */
  writeStream(
    path: string,
    body: AsyncIterable<Uint8Array>,
    options?: CallOptions & { readonly mode?: number },
  ): Promise<void>;
  /** Resolves to `null` when nothing is there. */
  stat(path: string, options?: CallOptions): Promise<FileInfo | null>;
  /** The directory's entries, not below them. */
  list(path: string, options?: CallOptions): Promise<readonly FileInfo[]>;
  /** With its parents; no error when it is there. */
  makeDirectory(path: string, options?: CallOptions): Promise<void>;
  move(from: string, to: string, options?: CallOptions): Promise<void>;
  /** With everything below it; no error when nothing is there. */
  remove(path: string, options?: CallOptions): Promise<void>;
  /** Unpacks a tar stream below the directory, as the sandbox's user. Rejects when the stream ends early. */
  putArchive(directory: string, tar: AsyncIterable<Uint8Array>, options?: CallOptions): Promise<void>;
  /**
   * The directory as a tar stream (POSIX pax), paths relative to it, symlinks as links. Devices, fifos and sockets, and what
   * cannot be read, come as empty entries whose pax record `GLOVEBOX.skipped` holds the reason. Where
   * the sandbox has a root of its own it holds what only root may read; elsewhere a provider may be able to bring that, too. Throws `lost` when the stream ends before the archive does.
   */
  getArchive(directory: string, options?: GetArchiveOptions): Promise<AsyncIterable<Uint8Array>>;
}
