/** The words of the first command on a shell line that begins with `glovebox`, as a POSIX shell would split them. */
export function gloveboxWords(line: string): string[] | undefined {
  const start = /(?:^|[\s(&|;/])glovebox (?=\S)/.exec(line);
  if (start === null) return undefined;
  const rest = line.slice(start.index + start[0].length);
  const words: string[] = [];
  for (const match of rest.matchAll(/\s+|((?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\|&;<>()#])+)|(.)/gs)) {
    if (match[2] !== undefined) break;
    if (match[1] !== undefined) words.push(unquoted(match[1]));
  }
  return words;
}

function unquoted(word: string): string {
  return word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/gs, (_, double, single, escaped) =>
    double === undefined ? (single ?? escaped) : double.replace(/\\(.)/gs, "$1"),
  );
}
