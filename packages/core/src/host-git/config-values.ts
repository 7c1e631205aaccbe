const header = /\[[^\]"\n]*(?:"(?:\\.|[^"\\\n])*")?[^\]\n]*\]?/y;
const name = /([\w-]+)[ \t]*(=?)/y;
const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", b: "\b" };

/** Every key of a git configuration that has a value, as git reads it. What git would refuse is read somehow. */
export function* configValues(text: string): Generator<{ readonly key: string; readonly value: string }, void> {
  for (let at = 0; at < text.length; ) {
    const character = text[at] ?? "";
    name.lastIndex = at;
    header.lastIndex = at;
    const found = name.exec(text);
    if (character === "#" || character === ";") at = endOfLine(text, at);
    else if (character === "[" && header.test(text)) at = header.lastIndex;
    else if (found === null) at += 1;
    else if (found[2] === "") at = name.lastIndex;
    else {
      const { value, end } = readValue(text, name.lastIndex);
      yield { key: (found[1] ?? "").toLowerCase(), value };
      at = end;
    }
  }
}

/** Without its comment, its quotes, its escapes, and the blanks around it that are not quoted. */
function readValue(text: string, start: number): { readonly value: string; readonly end: number } {
  let value = "";
  let length = 0;
  let isQuoted = false;
  let at = start;
  for (; at < text.length && text[at] !== "\n"; at += 1) {
    const character = text[at] ?? "";
    if (character === '"') isQuoted = !isQuoted;
    else if (character === "\\") {
      at += text[at + 1] === "\r" && text[at + 2] === "\n" ? 2 : 1;
      const escaped = text[at] ?? "";
      if (escaped !== "\n") value += escapes[escaped] ?? escaped;
    } else if (!isQuoted && (character === "#" || character === ";")) {
      at = endOfLine(text, at);
      break;
    } else if (isQuoted || value !== "" || !/\s/.test(character)) value += character;
    if (isQuoted || character === "\\" || !/\s/.test(character)) length = value.length;
  }
  return { value: value.slice(0, length), end: at };
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}
