import { ciCommands, hiddenCharacters, showCharacter } from "./hidden-characters.ts";

/**
 * The name of a file, host or anything else that a stranger has chosen, with nothing hidden in it: what cannot be seen is
 * written as `\u{…}`, and so are spaces that could push what follows out of sight. Of a name of more than `length` characters the middle is
 * left out.
 */
export function safeName(name: string, length = 1000): string {
  const shown = name
    .replaceAll("\n", "\\n")
    .replace(hiddenCharacters, showCharacter)
    .replace(/(?<= ) |^ | $/g, showCharacter)
    .replace(ciCommands, `#${showCharacter("#")}`);
  const characters = [...shown];
  if (characters.length <= length) return shown;
  return `${characters.slice(0, Math.ceil(length / 2) - 1).join("")}…${characters.slice(-Math.floor(length / 2)).join("")}`;
}
