/**
 * Codex as a harness.
 *
 * @module @glovebox/harness-codex
 */
export { createCodex } from "./codex.ts";
export type { CodexSettings } from "./codex-settings.ts";
export { codexVersion } from "./codex-version.ts";
export { harness } from "./plugin.ts";
