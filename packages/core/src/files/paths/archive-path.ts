import { isUtf8 } from "node:buffer";

export type ArchivePath = { readonly path: string } | { readonly shown: string; readonly reason: string };

const maxPathBytes = 4096;
const maxShownBytes = 512;

/**
 * An entry's name as a path below the directory, or why it is not one. The directory itself is the empty path. Nothing is
 * repaired: a name that a plain tool would not have written is refused.
 */
export function readArchivePath(bytes: Buffer): ArchivePath {
  const refuse = (reason: string): ArchivePath => ({ shown: showName(bytes), reason });
  if (bytes.length === 0) return refuse("it has no name");
  if (bytes.length > maxPathBytes) return refuse("its name is too long");
  if (bytes.includes(0)) return refuse("its name holds a NUL byte");
  if (!isUtf8(bytes)) return refuse("its name is not valid UTF-8");
  let path = bytes.toString("utf8");
  if (path.startsWith("/")) return refuse("its path is absolute");
  if (path.startsWith("./")) path = path.slice(2);
  if (path.endsWith("/")) path = path.slice(0, -1);
  if (path === "" || path === ".") return { path: "" };
  for (const segment of path.split("/")) {
    if (segment === "..") return refuse("its path leads out of the directory");
    if (segment === "" || segment === ".") return refuse("its path has an empty part");
  }
  return { path };
}

/** A name for people, whatever its bytes are; what is not UTF-8 is written as `\xNN`. */
export function showName(bytes: Buffer): string {
  const cut = bytes.subarray(0, maxShownBytes);
  const ending = cut.length < bytes.length ? "…" : "";
  if (isUtf8(bytes)) return `${cut.toString("utf8").replace(/\ufffd+$/, "")}${ending}`;
  let text = "";
  for (const byte of cut) {
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return `${text}${ending}`;
}
