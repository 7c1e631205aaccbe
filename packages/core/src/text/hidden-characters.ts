/**
 * Characters that nobody sees or that change what is seen around them: controls (C0, DEL, C1), bidi controls, zero-width
 * characters, tags, variation selectors, fillers, line and paragraph separators, lone surrogates, private and unassigned ones,
 * and every space but the plain one.
 */
export const hiddenCharacters = /[\p{C}\p{Zl}\p{Zp}\p{DI}\u2800]|(?! )\p{Zs}/gu;

/** `\u{202e}`: how a hidden character is shown. */
export function showCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/**
 * Words that a CI system executes wherever they stand in a log: Azure Pipelines, GitHub Actions and TeamCity.
 * https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */
export const ciCommands = /##(?=(?:vso|teamcity)?\[)/gi;

/** Invisible characters that scripts and emoji need, where they need them. */
const joined = [
  // A joiner within a word of a script that joins, or between two pictures.
  "(?<=\\p{M}|(?![\\p{sc=Latn}\\p{sc=Grek}\\p{sc=Cyrl}])\\p{L})[\\u200c\\u200d](?=[\\p{L}\\p{M}])",
  "(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])\\u200d(?=\\p{Extended_Pictographic})",
  // One variation selector after what has variants.
  "(?<=\\p{Emoji})[\\ufe0e\\ufe0f]",
  "(?<=\\p{sc=Han})[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]",
  "(?<=\\p{sc=Mong})[\\u180b-\\u180d\\u180f]",
  // The flags of England, Scotland and Wales.
  "(?<=\\u{1f3f4})\\u{e0067}\\u{e0062}(?:\\u{e0065}\\u{e006e}\\u{e0067}|\\u{e0073}\\u{e0063}\\u{e0074}|\\u{e0077}\\u{e006c}\\u{e0073})\\u{e007f}",
].join("|");

/** Invisible characters and controls but newline and tab; those that scripts and emoji need are captured. */
export const invisibleCharacters = new RegExp(`(${joined})|[\\p{DI}\\ufff9-\\ufffb]|(?![\\n\\t])\\p{Cc}`, "gu");
