import { plainText } from "./plain-text.ts";

/** Text from a sandbox or another stranger on one line of at most `length` characters. */
export function safeLine(text: string, length = 200): string {
  // What is far beyond the limit is not looked at: a line may have megabytes.
  const line = plainText(text.slice(0, length * 20))
    .replace(/\s+/g, " ")
    .trim();
  const characters = [...line];
  return characters.length <= length ? line : `${characters.slice(0, length - 1).join("")}…`;
}
