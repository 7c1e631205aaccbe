/** A command or a skill as Claude Code lists it. */
export interface ListedCommand {
  readonly name: string;
  readonly aliases?: readonly string[] | undefined;
  readonly builtin?: boolean | undefined;
}

/** Returns the name after a leading slash, or `undefined` for any other prompt. */
export function slashName(prompt: string): string | undefined {
  return prompt.startsWith("/") ? prompt.slice(1).split(/\s/, 1)[0] : undefined;
}

/**
 * Keeps Claude Code from reading a prompt as a command, which it does only if the first character is a slash: some of its own
 * commands use no model, so that `/login page is broken` would end at once.
 */
export function asPlainText(prompt: string): string {
  return prompt.startsWith("/") ? `\n${prompt}` : prompt;
}

/** Returns the prompt as plain text, unless it names a command or a skill that was added, that is, not marked as built in. */
export function promptText(prompt: string, commands: readonly ListedCommand[]): string {
  const called = slashName(prompt);
  if (called === undefined) return prompt;
  // A version that marks no command as built in does not tell which ones were added.
  const added = commands.some(({ builtin }) => builtin) ? commands.filter(({ builtin }) => !builtin) : [];
  const isAdded = added.some(({ name, aliases = [] }) => name === called || aliases.includes(called));
  return isAdded ? prompt : asPlainText(prompt);
}
