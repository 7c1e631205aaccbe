import type { Harness } from "@glovebox/core/harness";
import type { ClaudeCodeSettings } from "./claude-code-settings.ts";

/** Claude Code in headless mode. Does no I/O. */
export function createClaudeCode(_settings: ClaudeCodeSettings = {}): Harness {
  throw new Error("not there yet");
}
