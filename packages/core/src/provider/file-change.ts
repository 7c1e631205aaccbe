import type { CallOptions } from "./call-options.ts";

/** What happened below a watched directory. A move is a removal and a creation. */
export type FileChange =
  | {
      /** Absolute. */
      readonly path: string;
      /** Several changes of one file in quick succession may come as one. */
      readonly kind: "created" | "changed" | "removed";
    }
  /** Changes were missed, because they were not read in time or a limit of the system is reached: look again. */
  | { readonly overflow: true };

/** How a directory of a sandbox is watched. Every option may be left out. */
export interface WatchOptions extends CallOptions {
  /** Left out, as for `getArchive`. Directories with many entries that are of no interest are best named here. */
  readonly exclude?: readonly string[];
}
