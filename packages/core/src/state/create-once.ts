import { randomUUID } from "node:crypto";
import { linkSync, rmSync, writeFileSync } from "node:fs";

/**
 * Creates a file in one step, unless there is one: of many processes that start at once, the first decides the content and
 * all read the same. A full disk leaves nothing. Only the file's owner may read it.
 */
export function createOnceSync(file: string, content: string | Uint8Array): void {
  const partial = `${file}.${randomUUID()}.tmp`;
  try {
    writeFileSync(partial, content, { flag: "wx", mode: 0o600, flush: true });
    linkSync(partial, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(partial, { force: true });
  }
}
