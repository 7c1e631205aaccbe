import { ciCommands, hiddenCharacters } from "./hidden-characters.ts";

/**
 * JSON on one line in which nothing is hidden: what a terminal would obey or not show is written as JSON's own escapes, so a
 * parser reads the very same value.
 */
export function safeJson(value: unknown): string {
  return escapeJson(JSON.stringify(value));
}

/** The same for JSON that another library has written. Line ends are left as they are. */
export function escapeJson(json: string): string {
  return json.replace(hiddenCharacters, asEscapes).replace(ciCommands, "#\\u0023");
}

function asEscapes(character: string): string {
  if (character === "\n") return character;
  let escapes = "";
  for (let at = 0; at < character.length; at += 1) {
    escapes += `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }
  return escapes;
}
