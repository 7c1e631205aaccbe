import type { GetArchiveOptions } from "@glovebox/core/provider";

/** How a large directory is read. */
export interface LargeDirectoryOptions extends GetArchiveOptions {
  /** How many entries the archive must have, the directory itself not counted. */
  readonly entries: number;
}

/** Reads a directory as `SandboxFiles.getArchive` does. */
export type LargeDirectoryReader = (
  directory: string,
  options: LargeDirectoryOptions,
) => Promise<AsyncIterable<Uint8Array>>;
