import { treeLimits } from "./tree-limits.ts";

/** Why a name cannot be a path within a tree, as the end of the sentence "It …"; absent when it can. */
export function badTreePath(path: string): string | undefined {
  if (path === "") return "has no name";
  if (Buffer.byteLength(path) > treeLimits.pathBytes) return "has a path that is too long";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "has an absolute path";
  if (path.includes("\\")) return "has a backslash in its path";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(path)) return "has a control character in its path";
  if (path.includes("\ufffd")) return "has a name that is not UTF-8";
  if (path.split("/").some((part) => part === "" || part === "." || part === "..")) return "has a path that leaves it";
  return undefined;
}
