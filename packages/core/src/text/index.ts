/**
 * Makes untrusted text safe to print, and formats numbers.
 *
 * @module @glovebox/core/text
 */
export { didYouMean } from "./did-you-mean.ts";
export { editDistance } from "./edit-distance.ts";
export { formatBytes } from "./format-bytes.ts";
export { formatCount } from "./format-count.ts";
export { formatDuration } from "./format-duration.ts";
export { plainText } from "./plain-text.ts";
export { escapeJson, safeJson } from "./safe-json.ts";
export { safeLine } from "./safe-line.ts";
export { safeName } from "./safe-name.ts";
export { linePrefix, safeText } from "./safe-text.ts";
export { TerminalFilter } from "./terminal-filter.ts";
export { visibleText } from "./visible-text.ts";
