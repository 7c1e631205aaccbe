/** How a message begins whose request Glovebox's own gateway refused. */
export const gatewayRefusal = "Glovebox refused the request";

const maxLength = 64 * 1024;

/**
 * Rewrites a message for a reader outside the sandbox: replaces the model's address, which exists only inside, and tells a
 * refusal by Glovebox's gateway from one by the API. At most 64 Ki characters.
 */
export function ownWords(text: string): string {
  return text
    .slice(0, maxLength)
    .replace(/^(?:[A-Z][\w ]{0,40}: )?glovebox: /, `${gatewayRefusal}: `)
    .replace(/\b(https?:\/\/)?(127\.0\.0\.1|localhost|\[::1\]):\d{1,5}(\/[\w./-]*)?/g, "the model's API");
}
