import { randomBytes } from "node:crypto";
import { chmod, lstat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { readSmallFile } from "../config/read-small-file.ts";

/** The name of the secret that a Worker asks its clients for. */
export const keyName = "GLOVEBOX_API_KEY";

/** A key that nobody guesses, and that no shell or file takes for anything else. */
export function newKey(): string {
  return `gbx_${randomBytes(32).toString("hex")}`;
}

/**
 * The key of a Worker that runs on this machine, from the project's `.dev.vars`, which only its owner can read. It is made
 * and added to the file where there is none.
 */
export async function ensureDevKey(folder: string): Promise<string> {
  const path = join(folder, ".dev.vars");
  const info = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  if (info !== undefined && !info.isFile()) throw new InvalidOptionsError(`${path} is not a file`);
  const text = (await readSmallFile(path)) ?? "";
  const known = parseEnv(text)[keyName];
  if (known) return known;
  const key = newKey();
  const before = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  await writeFile(path, `${before}${keyName}=${key}\n`, { mode: 0o600 });
  await chmod(path, 0o600);
  return key;
}
