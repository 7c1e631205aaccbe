import { ciCommands } from "./hidden-characters.ts";

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

const lineEnds = /\r\n|[\v\f\u0085\u2028\u2029]/g;

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

const invisible = new RegExp(`(${joined})|[\\p{DI}\\ufff9-\\ufffb]|(?![\\n\\t])\\p{Cc}`, "gu");
const loneSurrogate = /\p{Cs}/gu;

/**
 * Text from a sandbox or another stranger as it may be shown: every script stays readable, nothing in it moves the cursor,
 * reorders what stands beside it or hides. Its lines stay lines: where they stand among our own, use `safeText`.
 */
export function plainText(text: string): string {
  return text
    .replace(loneSurrogate, "\ufffd")
    .replace(sequences, "")
    .replace(lineEnds, "\n")
    .replace(invisible, (_, kept?: string) => kept ?? "")
    .replace(ciCommands, "# #");
}
