import { ciCommands, invisibleCharacters } from "./hidden-characters.ts";

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
    .replace(invisibleCharacters, (_, kept?: string) => kept ?? "")
    .replace(ciCommands, "# #");
}
