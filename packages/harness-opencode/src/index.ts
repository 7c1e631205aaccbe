/**
 * OpenCode as a harness.
 *
 * @module @glovebox/harness-opencode
 */
export { createOpenCode } from "./opencode.ts";
export type { OpenCodeSettings } from "./opencode-settings.ts";
export { openCodeVersion } from "./opencode-version.ts";
export { harness } from "./plugin.ts";
