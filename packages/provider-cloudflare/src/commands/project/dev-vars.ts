import { randomBytes } from "node:crypto";
import { chmod, lstat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { readHostText } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";

/** The secret with the Worker's API key. */
export const keyName = "GLOVEBOX_API_KEY";

/** Returns a random key without characters that shells or files interpret. */
export function newKey(): string {
  return `gbx_${randomBytes(32).toString("hex")}`;
}

/**
 * Returns the local Worker's key from the project's `.dev.vars`, which only its owner can read. Creates the key if it is
 * missing.
 */
export async function ensureDevKey(directory: string): Promise<string> {
  const path = join(directory, ".dev.vars");
  const info = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  if (info !== undefined && !info.isFile()) throw new InvalidOptionsError(`${path} is not a file`);
  const text = (await readHostText(path)) ?? "";
  const known = parseEnv(text)[keyName];
  if (known) return known;
  const key = newKey();
  const before = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  await writeFile(path, `${before}${keyName}=${key}\n`, { mode: 0o600 });
  await chmod(path, 0o600);
  return key;
}
