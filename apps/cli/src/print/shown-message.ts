import { safeText } from "@glovebox/core/text";
import { withLimitOptions } from "./limit-options.ts";

/**
 * A message as it is shown to users: safe for a terminal, limits by their options, and with a capital where it begins with a
 * plain word. What begins with a name (an option, a path, a file) stays as it is.
 */
export function shownMessage(text: string): string {
  return withLimitOptions(safeText(text))
    .replace(/^[a-z](?=[a-z]*,? )/, (letter) => letter.toUpperCase())
    .replace(/^Mcp /, "MCP ");
}
