import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { makeHostDirectory, readHostText } from "@glovebox/core/host-files";
import { InvalidOptionsError, SandboxError, Secret } from "@glovebox/core/provider";
import { createOnceSync } from "@glovebox/core/state";

/** The variable that holds the keys, with commas between them. */
export const keysVariable = "GLOVEBOX_SERVER_API_KEYS";

/** The keys of a server. Each allows everything. */
export interface ApiKeys {
  readonly secrets: readonly Secret[];
  /** The file of a generated key, which only its owner can read. Absent where keys were set. */
  readonly file?: string;
}

/**
 * Returns the keys of the environment; where it has none, one that is generated once and kept in the state directory. A key
 * that is too short is `invalid-options`.
 */
export async function readApiKeys(
  env: Readonly<Record<string, string | undefined>>,
  stateDir: string,
): Promise<ApiKeys> {
  const configured = (env[keysVariable] ?? "").split(",").flatMap((key) => key.trim() || []);
  if (!configured.every(isLongEnough)) {
    throw new InvalidOptionsError(`${keysVariable} holds a key that is short or has a space in it`, {
      hint: "A key has 16 characters or more: `openssl rand -hex 20`.",
    });
  }
  if (configured.length > 0) return { secrets: configured.map((key) => new Secret(keysVariable, key)) };
  const file = join(stateDir, "api-key");
  const kept = await keepKey(stateDir, file).catch((cause: NodeJS.ErrnoException) => {
    const reason = SandboxError.isInstance(cause) ? cause.message : cause.code;
    throw new InvalidOptionsError(`The state directory ${stateDir} cannot be used (${reason})`, {
      hint: "It must be a directory that this user may write to, on a disk that is not full: see --state-dir.",
      cause,
    });
  });
  if (isLongEnough(kept)) return { secrets: [new Secret(file, kept)], file };
  // An empty key would let everyone in.
  throw new InvalidOptionsError(`${file} holds no key`, { hint: "Remove it to generate another one." });
}

/** Returns the key in the file, and creates it where there is none. */
async function keepKey(stateDir: string, file: string): Promise<string> {
  await makeHostDirectory(stateDir, 0o700);
  // The form that E2B's SDK requires before 2.46.
  const created = `e2b_${randomBytes(20).toString("hex")}`;
  createOnceSync(file, `${created}\n`);
  return ((await readHostText(file)) ?? "").trim();
}

function isLongEnough(key: string): boolean {
  return key.length >= 16 && !/[^\x21-\x7e]/.test(key);
}
