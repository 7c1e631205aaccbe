/** Words after `--` as a command line for the shell: one word is a command line already, several are a program and its arguments. */
export function shellCommand(words: readonly string[]): string {
  const [first = "", ...rest] = words;
  return rest.length === 0 ? first : words.map(quote).join(" ");
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
