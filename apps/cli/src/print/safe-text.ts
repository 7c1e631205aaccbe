const escapeCode = String.fromCharCode(0x1b);
const bell = String.fromCharCode(0x07);
const csi = String.fromCharCode(0x9b);
const osc = String.fromCharCode(0x9d);

/** Whole terminal sequences: control sequences, strings up to their end, two-character ones. */
const sequences = new RegExp(
  [
    `(?:${escapeCode}\\[|${csi})[0-?]*[ -/]*[@-~]`,
    `(?:${escapeCode}[\\]PX^_]|${osc})[^${bell}${escapeCode}\\n]*(?:${bell}|${escapeCode}\\\\)`,
    `${escapeCode}[ -/]*[0-~]`,
  ].join("|"),
  "g",
);

/** Characters that reorder what is shown around them. */
const reordering = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu;

/** Text from a sandbox as a terminal may see it: no control character but newline and tab, no escape sequence. */
export function safeText(text: string): string {
  return text
    .replace(sequences, "")
    .replace(/\p{Cc}/gu, (character) => (character === "\n" || character === "\t" ? character : ""));
}

/** The same on one line of at most `length` characters. */
export function safeLine(text: string, length = 200): string {
  const line = safeText(text).replace(reordering, "").replace(/\s+/g, " ").trim();
  const characters = [...line];
  return characters.length <= length ? line : `${characters.slice(0, length - 1).join("")}…`;
}

/** A file's name with nothing hidden in it: what cannot be shown is written as an escape. */
export function safeName(name: string): string {
  const escaped = (character: string) =>
    character === "\n" ? "\\n" : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  return name.replace(/\p{Cc}/gu, escaped).replace(reordering, escaped);
}
