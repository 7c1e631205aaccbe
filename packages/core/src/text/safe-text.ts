import { plainText } from "./plain-text.ts";

/** What stands before every line of a stranger's, so that none can be taken for one of ours. */
export const linePrefix = "│ ";

const mostLines = 200;
const longestLine = 2000;

/**
 * Text of several lines from a sandbox or another stranger, to stand behind words of ours: each further line has a prefix, so
 * that none can be taken for one of ours. What is too long is cut.
 */
export function safeText(text: string): string {
  const lines = plainText(text).trimEnd().split("\n");
  const shown = lines.slice(0, mostLines).map((line) => (line.length > longestLine ? cut(line) : line));
  if (lines.length > mostLines) shown.push(`… +${lines.length - mostLines} lines`);
  return shown.join(`\n${linePrefix}`);
}

function cut(line: string): string {
  return `${line.slice(0, longestLine).replace(/\p{Cs}$/u, "")}…`;
}
