/** The most of one tool's answer, or of one unknown line, that an event holds, in UTF-16 units. */
const maxLength = 64 * 1024;
/** The same for what a model says. */
const maxMessageLength = 1024 * 1024;

/** The beginning of a text, up to 64 Ki characters, and a mark if something is missing. */
export function boundedHead(text: string): string {
  return headOf(text, maxLength);
}

/** The end of a text, up to 64 Ki characters, and a mark if something is missing. */
export function boundedTail(text: string): string {
  return text.length <= maxLength ? text : `…${text.slice(1 - maxLength)}`;
}

/** The beginning of what a model says, up to 1 Mi characters, and a mark if something is missing. */
export function boundedMessage(text: string): string {
  return headOf(text, maxMessageLength);
}

/** Replaces the addresses of the model's routes, which exist only in the sandbox, for a reader outside of it. */
export function withoutRouteAddress(text: string): string {
  return text.replace(
    /\b(?:(?:https?|wss?):\/\/)?(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5}(?:\/[\w./:@%?=&-]*)?/g,
    "the model's API",
  );
}

function headOf(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
