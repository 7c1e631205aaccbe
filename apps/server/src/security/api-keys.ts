import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidOptionsError, Secret } from "@glovebox/core/provider";

/** The variable that holds the keys, with commas between them. */
export const keysVariable = "GLOVEBOX_SERVER_API_KEYS";

/** The keys of a server: whoever has one may do everything. */
export interface ApiKeys {
  readonly secrets: readonly Secret[];
  /** Where a key was made that nobody has set: a file that only its owner can read. */
  readonly file?: string;
}

/**
 * The keys of the environment; where it has none, one that is made once and kept in the state folder. One that can be guessed
 * is `invalid-options`.
 */
export async function readApiKeys(
  env: Readonly<Record<string, string | undefined>>,
  stateDir: string,
): Promise<ApiKeys> {
  const given = (env[keysVariable] ?? "").split(",").flatMap((key) => key.trim() || []);
  if (!given.every(isLongEnough)) {
    throw new InvalidOptionsError(`${keysVariable} holds a key that is short or has a space in it`, {
      hint: "A key has 16 characters or more: `openssl rand -hex 20`.",
    });
  }
  if (given.length > 0) return { secrets: given.map((key) => new Secret(keysVariable, key)) };
  const file = join(stateDir, "api-key");
  const kept = await keepKey(stateDir, file).catch((cause: NodeJS.ErrnoException) => {
    throw new InvalidOptionsError(`The state folder ${stateDir} cannot be used (${cause.code})`, {
      hint: "It must be a folder that this user may write to, on a disk that is not full: see --state-dir.",
      cause,
    });
  });
  if (isLongEnough(kept)) return { secrets: [new Secret(file, kept)], file };
  // An empty key would let everyone in.
  throw new InvalidOptionsError(`${file} holds no key`, { hint: "Remove it, and another one is made." });
}

/** The key in the file, which is made where there is none. */
async function keepKey(stateDir: string, file: string): Promise<string> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  // The form that E2B's SDK asked for before 2.46.
  const made = `e2b_${randomBytes(20).toString("hex")}`;
  await writeFile(file, `${made}\n`, { mode: 0o600, flag: "wx" }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") return;
    // What a full disk has left of it is no key.
    await rm(file, { force: true });
    throw error;
  });
  return (await readFile(file, "utf8")).trim();
}

function isLongEnough(key: string): boolean {
  return key.length >= 16 && !/[^\x21-\x7e]/.test(key);
}

/** Whether a key is one of the server's, in a time that tells nothing about them. */
export function isKey(given: string, keys: readonly Secret[]): boolean {
  return keys.map((key) => timingSafeEqual(digest(given), digest(key.reveal()))).includes(true);
}

function digest(value: string): Buffer {
  return createHash("sha256").update(value).digest();
}
