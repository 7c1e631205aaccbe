const quoted = /"((?:[^"\\]|\\(?:[0-3][0-7]{2}|[abfnrtv"\\]))*)"/y;
const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** The directories that a file of alternates names, as git reads it: one a line, or quoted like a C string. */
export function* alternatePaths(text: string): Generator<string, void> {
  for (let at = 0; at < text.length; at += 1) {
    quoted.lastIndex = at;
    const path = quoted.exec(text)?.[1];
    if (path === undefined) {
      const end = text.indexOf("\n", at);
      const line = text.slice(at, end < 0 ? text.length : end);
      if (line !== "" && !line.startsWith("#")) yield line;
      at += line.length;
    } else {
      yield withoutEscapes(path);
      at = quoted.lastIndex;
    }
  }
}

function withoutEscapes(path: string): string {
  return path.replace(/\\(\d{3}|.)/gs, (_, escaped: string) =>
    escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8)) : (escapes[escaped] ?? escaped),
  );
}
