/**
 * Claude Code as a harness.
 *
 * @module @glovebox/harness-claude-code
 */
export { createClaudeCode } from "./claude-code.ts";
export type { ClaudeCodeSettings } from "./claude-code-settings.ts";
export { claudeCodeVersion } from "./claude-code-version.ts";
export { harness } from "./plugin.ts";
