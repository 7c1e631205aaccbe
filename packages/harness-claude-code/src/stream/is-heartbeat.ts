import type { HarnessLine } from "@glovebox/core/harness";

/** No heartbeat is longer. */
const longest = 4096;

/** Whether a line is one of those that Claude Code prints every 30 seconds while a tool runs, whether that does anything or not. */
export function isHeartbeat({ stream, line }: HarnessLine): boolean {
  if (stream !== "stdout" || line.length > longest || !line.startsWith('{"type":"tool_progress"')) return false;
  try {
    return (JSON.parse(line) as { readonly heartbeat?: unknown }).heartbeat === true;
  } catch {
    // What is no JSON is for whoever reads the lines.
    return false;
  }
}
