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
