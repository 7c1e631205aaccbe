/**
 * `exec` alone, for providers.
 *
 * @module @glovebox/core/exec
 */
export { exec } from "./exec.ts";
export type { ExecOptions } from "./exec-options.ts";
export type { ExecResult } from "./exec-result.ts";
