/** The most of one tool's answer, or of one unknown line, that an event holds, in UTF-16 units. */
const maxLength = 64 * 1024;

/** The end of a text that is too long, and a mark that something is missing. */
export function boundedTail(text: string): string {
  return text.length <= maxLength ? text : `…${text.slice(1 - maxLength)}`;
}

/** The beginning of a text that is too long, and a mark that something is missing. */
export function boundedHead(text: string): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}
