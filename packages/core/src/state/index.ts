/**
 * Atomic writes, locks and processes of the state directory.
 *
 * @module @glovebox/core/state
 */
export { createOnceSync } from "./create-once.ts";
export { DirectoryLock } from "./directory-lock.ts";
export {
  type HostProcess,
  hostProcess,
  type Liveness,
  livenessOf,
  parseHostProcess,
  thisProcess,
} from "./host-process.ts";
export { isRunning } from "./is-running.ts";
export { readStateFile } from "./read-state-file.ts";
export { isPartial, replaceFile, replaceFileSync } from "./replace-file.ts";
export { stateDirectory } from "./state-directory.ts";
export { makeTemporaryDirectory } from "./temporary-directory.ts";
