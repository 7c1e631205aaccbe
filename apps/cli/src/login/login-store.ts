import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { type LoginProgram, loginPrograms } from "@glovebox/core/harness";
import { makeHostDirectorySync } from "@glovebox/core/host-files";
import { InvalidOptionsError, SandboxAuthenticationError } from "@glovebox/core/provider";
import { readStateFile, replaceFileSync } from "@glovebox/core/state";
import { z } from "zod";
import type { Environment } from "../terminal.ts";
import { type Keychain, systemKeychain } from "./keychain.ts";

const loginSchema = z.object({
  /** The variable that would hold it: what kind of credential it is. */
  variable: z.string(),
  savedAt: z.string(),
  /** The program of this host whose own login it is: nothing is saved of it. */
  from: z.enum(loginPrograms).optional(),
  /** Absent where the system's keychain or another program has it. */
  secret: z.string().optional(),
});
const fileSchema = z.object({ v: z.literal(1), logins: z.record(z.string(), loginSchema) });

/** A saved credential, without it. */
export interface Login {
  readonly profile: string;
  readonly variable: string;
  readonly savedAt: string;
  readonly keptIn: "keychain" | "file" | LoginProgram;
}

/** A login as a run uses it: with its secret, or with the program that keeps it. */
export type FoundLogin =
  | { readonly variable: string; readonly secret: string; readonly from?: undefined }
  | { readonly variable: string; readonly from: LoginProgram; readonly secret?: undefined };

export interface LoginStoreOptions {
  readonly home: string;
  readonly env: Environment;
  readonly keychain?: Keychain | undefined;
}

/**
 * The model credentials that a user has saved, by profile: in the system's keychain, or in `credentials.json` of the state
 * directory, which only the user may read. Which profiles there are is always in the file.
 */
export class LoginStore {
  readonly #home: string;
  readonly #keychain: Keychain | undefined;
  readonly file: string;

  constructor({ home, env, keychain = systemKeychain(env) }: LoginStoreOptions) {
    this.#home = home;
    this.#keychain = keychain;
    this.file = join(home, "credentials.json");
  }

  list(): readonly Login[] {
    return Object.entries(this.#read())
      .map(([profile, { variable, savedAt, secret, from }]): Login => {
        return { profile, variable, savedAt, keptIn: from ?? (secret === undefined ? "keychain" : "file") };
      })
      .sort((a, b) => (a.profile < b.profile ? -1 : 1));
  }

  /** The credential of a profile by its variable; `undefined` when there is no such profile. */
  async secretOf(profile: string): Promise<FoundLogin | undefined> {
    const login = this.#read()[profile];
    if (login === undefined) return undefined;
    if (login.from !== undefined) return { variable: login.variable, from: login.from };
    const secret = login.secret ?? (await this.#fromKeychain(profile));
    return { variable: login.variable, secret };
  }

  /** Saves that a profile is the login of a program on this host. */
  async saveProgram(profile: string, { variable, from }: { readonly variable: string; readonly from: LoginProgram }) {
    await this.#forget(profile);
    const savedAt = new Date().toISOString();
    this.#write({ ...this.#read(), [profile]: { variable, savedAt, from } });
    return { profile, variable, savedAt, keptIn: from } satisfies Login;
  }

  /** Saves a credential in the keychain, or in the file where there is none, it does not answer, or `inFile` wants so. */
  async save(
    profile: string,
    credential: { readonly variable: string; readonly secret: string },
    { inFile = false }: { readonly inFile?: boolean } = {},
  ): Promise<{ readonly login: Login; readonly place: string; readonly problem?: string }> {
    const { variable, secret } = credential;
    const before = this.#read();
    const problem = inFile ? "" : await this.#toKeychain(profile, secret);
    const isKept = problem === undefined;
    // One that the file gets from now on is not left in the keychain.
    if (!isKept) await this.#forget(profile);
    const savedAt = new Date().toISOString();
    this.#write({ ...before, [profile]: { variable, savedAt, ...(isKept ? {} : { secret }) } });
    const keptIn = isKept ? "keychain" : "file";
    const place = isKept ? (this.#keychain?.name ?? "") : this.file;
    return { login: { profile, variable, savedAt, keptIn }, place, ...(problem ? { problem } : {}) };
  }

  /** False when there is no such profile. */
  async remove(profile: string): Promise<boolean> {
    const { [profile]: login, ...others } = this.#read();
    if (login === undefined) return false;
    if (isInKeychain(login)) {
      await this.#keychain?.remove(this.#account(profile)).catch((cause) => {
        throw new SandboxAuthenticationError(`The keychain did not remove the login ${profile}: ${cause.message}`, {
          cause,
        });
      });
    }
    this.#write(others);
    return true;
  }

  /** The keychain may refuse: what it keeps then is not used any more. */
  async #forget(profile: string): Promise<void> {
    const login = this.#read()[profile];
    if (login !== undefined && isInKeychain(login))
      await this.#keychain?.remove(this.#account(profile)).catch(() => {});
  }

  async #fromKeychain(profile: string): Promise<string> {
    const hint = `Save it again: glovebox login --profile ${profile}`;
    const secret = await this.#keychain?.read(this.#account(profile)).catch((cause) => {
      throw new SandboxAuthenticationError(`The keychain did not give the login ${profile}: ${cause.message}`, {
        hint,
        cause,
      });
    });
    if (secret) return secret;
    throw new SandboxAuthenticationError(`The login ${profile} is not in this system's keychain`, { hint });
  }

  /** Why it is not there; `undefined` when it is. Empty where there is no keychain. */
  async #toKeychain(profile: string, secret: string): Promise<string | undefined> {
    if (this.#keychain === undefined) return "";
    try {
      await this.#keychain.write(this.#account(profile), secret);
      if ((await this.#keychain.read(this.#account(profile))) === secret) return undefined;
      return "it did not return what was saved";
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Other state directories have profiles of the same names. */
  #account(profile: string): string {
    return `${profile}@${createHash("sha256").update(this.#home).digest("hex").slice(0, 12)}`;
  }

  #read(): z.infer<typeof fileSchema>["logins"] {
    const { mode } = statSync(this.file, { throwIfNoEntry: false }) ?? {};
    if (mode === undefined) return {};
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      throw new InvalidOptionsError(`${this.file} can be read by other users`, { hint: `chmod 600 ${this.file}` });
    }
    return readStateFile(this.file, fileSchema, "Remove the file, and log in again.")?.logins ?? {};
  }

  #write(logins: z.infer<typeof fileSchema>["logins"]): void {
    makeHostDirectorySync(this.#home, 0o700);
    replaceFileSync(this.file, `${JSON.stringify({ v: 1, logins }, undefined, 2)}\n`);
  }
}

function isInKeychain({ secret, from }: z.infer<typeof loginSchema>): boolean {
  return secret === undefined && from === undefined;
}
