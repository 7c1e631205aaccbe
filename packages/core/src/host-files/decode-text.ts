import { isUtf8 } from "node:buffer";
import { InvalidOptionsError } from "../errors/index.ts";

/**
 * Decodes a text of a user's: UTF-8 with or without a byte order mark, and UTF-16 with one (what PowerShell's `>`
 * writes). Throws `invalid-options` for everything else, with a hint; `name` says what is decoded.
 */
export function decodeText(bytes: Buffer, name: string): string {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return decodeUtf16(bytes, "utf-16le", name);
  if (first === 0xfe && second === 0xff) return decodeUtf16(bytes, "utf-16be", name);
  if (!isUtf8(bytes)) throw notUtf8(name);
  const text = bytes.toString("utf8", first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0);
  if (text.includes("\0")) throw notText(name);
  return text;
}

function decodeUtf16(bytes: Buffer, encoding: "utf-16le" | "utf-16be", name: string): string {
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InvalidOptionsError(`${name} begins like UTF-16 but is not valid UTF-16`, { hint: saveAsUtf8, cause });
  }
  // UTF-32 begins with the mark of UTF-16 and a zero.
  if (text.includes("\0")) throw notText(name);
  return text;
}

const saveAsUtf8 = "Save it as UTF-8.";

function notUtf8(name: string): InvalidOptionsError {
  return new InvalidOptionsError(`${name} is not valid UTF-8`, {
    hint: "Save it as UTF-8. From Latin-1: iconv -f ISO-8859-1 -t UTF-8 FILE > NEW",
  });
}

function notText(name: string): InvalidOptionsError {
  return new InvalidOptionsError(`${name} is not a text: it contains a zero byte`, { hint: saveAsUtf8 });
}
