import type { FileInfo, FileKind } from "@glovebox/core/provider";
import type { FileRecord } from "../../protocol/messages.ts";

const kinds: ReadonlySet<unknown> = new Set<FileKind>(["file", "directory", "symlink", "other"]);

/** A file as the guest tells it. What makes no sense in it is turned into what does no harm. */
export function parseFileInfo(reply: unknown): FileInfo {
  const { path, kind, size, mode, modifiedAtMs, target } = (reply ?? {}) as Partial<FileRecord>;
  return {
    path: String(path),
    kind: kinds.has(kind) ? (kind as FileKind) : "other",
    size: Number(size) || 0,
    mode: Number(mode) & 0o7777,
    modifiedAt: new Date(Number(modifiedAtMs) || 0),
    ...(typeof target === "string" ? { target } : {}),
  };
}
