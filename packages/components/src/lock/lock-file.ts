import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { readHostText } from "@glovebox/core/host-files";
import { InvalidOptionsError, SandboxFileError } from "@glovebox/core/provider";
import { type ComponentLock, emptyLock } from "./component-lock.ts";

const maxLockBytes = 16 * 1024 * 1024;

/** Reads a lock file; an empty lock where there is none. Throws `invalid-options` for one that cannot be read. */
export async function readLock(path: string): Promise<ComponentLock> {
  const text = await readHostText(path, { maxBytes: maxLockBytes });
  if (text === undefined) return emptyLock;
  // Loaded when there is a lock to check: searching needs none.
  const { lockSchema } = await import("./lock-schema.ts");
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new InvalidOptionsError(`${path} is no lock file of this version`, {
      cause,
      hint: "Restore it from version control, or delete it and run `glovebox components update`.",
    });
  }
}

/** Writes a lock file as a whole or not at all. */
export async function writeLock(path: string, lock: ComponentLock): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, formatLock(lock));
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new SandboxFileError(`${path} cannot be written`, { cause });
  }
}

/** The same lock is the same text, whatever order it was made in. */
export function formatLock(lock: ComponentLock): string {
  const sources = Object.fromEntries(Object.entries(lock.sources).sort(([a], [b]) => (a < b ? -1 : 1)));
  const key = (item: ComponentLock["components"][number]): string => `${item.kind}\n${item.name}\n${item.source}`;
  const components = [...lock.components]
    .sort((a, b) => (key(a) < key(b) ? -1 : 1))
    .map(({ kind, name, source, sha256 }) => ({ kind, name, source, sha256 }));
  return `${JSON.stringify({ version: 1, sources, components }, undefined, 2)}\n`;
}
