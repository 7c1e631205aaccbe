/** The command that runs a prompt which was typed without quotes, for every shell that people use. */
export function quotedPrompt(words: readonly string[]): string {
  const prompt = words.join(" ");
  // Double quotes work in cmd.exe too, but a POSIX shell still replaces some characters within them.
  const quoted = /["$`\\!]/.test(prompt) ? `'${prompt.replaceAll("'", "'\\''")}'` : `"${prompt}"`;
  return `glovebox run ${quoted}`;
}
