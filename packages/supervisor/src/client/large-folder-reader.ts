import type { GetArchiveOptions } from "@glovebox/core/provider";

export interface LargeFolderOptions extends GetArchiveOptions {
  /** How many entries the archive must have, the folder itself not counted. */
  readonly entries: number;
}

/** Reads a folder as `SandboxFiles.getArchive` does. */
export type LargeFolderReader = (directory: string, options: LargeFolderOptions) => Promise<AsyncIterable<Uint8Array>>;
