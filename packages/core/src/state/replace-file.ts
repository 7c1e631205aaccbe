import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

const mode = 0o600;

/**
 * Replaces a file in one step: a reader finds all of the old content or all of the new, also after a crash of the machine.
 * When it throws the old content is still there. Only the file's owner may read it.
 */
export function replaceFileSync(file: string, content: string | Uint8Array): void {
  const partial = partialOf(file);
  try {
    writeFileSync(partial, content, { flag: "wx", mode, flush: true });
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
  flushDirectory(dirname(file));
}

/** {@link replaceFileSync}, for those who must not wait. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const partial = partialOf(file);
  try {
    const handle = await open(partial, "wx", mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  flushDirectory(dirname(file));
}

/** Whether a name is that of a file whose writer was killed before it was whole. */
export function isPartial(name: string): boolean {
  return /\.[0-9a-f-]{36}\.tmp$/.test(name);
}

function partialOf(file: string): string {
  return `${file}.${randomUUID()}.tmp`;
}

function flushDirectory(directory: string): void {
  try {
    const descriptor = openSync(directory, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Some file systems have no such thing for a directory. The file itself is whole.
  }
}
