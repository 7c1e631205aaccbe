import { ciCommands, invisibleCharacters, showCharacter } from "./hidden-characters.ts";

const loneSurrogate = /\p{Cs}/gu;

/**
 * A line of a stranger's source as it may be shown to somebody who judges it: nothing is left out. What a terminal would obey or
 * not show is written as `\u{…}`, but for tabs and what scripts and emoji need. Of more than `length` characters the rest is counted.
 */
export function visibleText(line: string, length = 5000): string {
  const shown = (line.length > length ? line.slice(0, length) : line)
    .replace(loneSurrogate, "\ufffd")
    .replace(invisibleCharacters, (character, kept?: string) => kept ?? showCharacter(character))
    .replace(ciCommands, `#${showCharacter("#")}`);
  return line.length > length ? `${shown}… +${line.length - length} characters` : shown;
}
