/**
 * Gemini CLI as a harness.
 *
 * @module @glovebox/harness-gemini
 */
export { createGemini } from "./gemini.ts";
export type { GeminiSettings } from "./gemini-settings.ts";
export { geminiVersion } from "./gemini-version.ts";
export { harness } from "./plugin.ts";
