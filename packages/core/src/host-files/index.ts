/**
 * Guarded access to files of the host that others may have shaped.
 *
 * @module @glovebox/core/host-files
 */
export { checkRepository } from "../host-git/check-repository.ts";
export { checkWritePlace } from "./check-write-place.ts";
export { decodeText } from "./decode-text.ts";
export { makeHostDirectory, makeHostDirectorySync } from "./make-host-directory.ts";
export {
  openHostFile,
  openHostFileSync,
  type ReadHostFileOptions,
  readHostFile,
  readHostFileSync,
  readHostText,
  readHostTextSync,
  streamHostFile,
} from "./read-host-file.ts";
export { type ReadNamedFileOptions, readNamedFile, readTextStream } from "./read-named-file.ts";
