/** Maximum length of a result's message, in UTF-16 units. */
const maxMessageLength = 1024 * 1024;
const truncationMark = "... [cut]";

/** How a message begins whose request Glovebox's own gateway refused. */
export const gatewayRefusal = "Glovebox refused the request";

/**
 * Rewrites Claude Code's own messages for a reader outside the sandbox: replaces the model's address, which exists only inside,
 * and the advice to log in, which is impossible there. A refusal by Glovebox's gateway does not read as one by the API.
 */
export function ownWords(text: string): string {
  return text
    .replace(/^(?:Failed to authenticate\. )?API Error: \d{3} glovebox: /gm, `${gatewayRefusal}: `)
    .replace(/\bNot logged in\b/g, "The model's API does not take the key or token")
    .replace(/ · (Please )?run \/log(in|out)\b\.?/gi, "")
    .replace(/\byour inference gateway \([^()\s]*\)/g, "the model's API")
    .replace(/\b(https?:\/\/)?(127\.0\.0\.1|localhost|\[::1\]):\d{1,5}(\/model\/[\w-]+)?/g, "the model's API");
}

/** Truncates a message to the maximum length, with a mark. */
export function boundedMessage(text: string): string {
  return text.length <= maxMessageLength
    ? text
    : `${text.slice(0, maxMessageLength - truncationMark.length)}${truncationMark}`;
}
