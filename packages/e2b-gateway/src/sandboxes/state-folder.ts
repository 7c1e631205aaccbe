import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, readdir, readFile, rename, rm, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SandboxError } from "@glovebox/core/provider";
import type { z } from "zod";

const keyBytes = 32;

/** What is kept of a kind: one file each, named after its id. */
export type StateKind = "sandboxes" | "snapshots" | "templates";

/**
 * The gateway's folder. Only its owner may look into it: a record holds the variables that its client gave to the sandbox. A
 * record is written whole or not at all.
 */
export class StateFolder {
  readonly #path: string;
  /** By file: what is written to one comes in the order in which it was asked for. */
  readonly #writes = new Map<string, Promise<void>>();
  #key: Promise<Buffer> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Makes the folder, and resolves to the gateway's own key, from which its tokens and its name are derived. */
  open(): Promise<Buffer> {
    this.#key ??= this.#open();
    return this.#key;
  }

  async #open(): Promise<Buffer> {
    try {
      for (const folder of [
        this.#path,
        this.#folder("sandboxes"),
        this.#folder("snapshots"),
        this.#folder("templates"),
      ]) {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await chmod(folder, 0o700);
      }
      return await this.#readKey();
    } catch (error) {
      throw new SandboxError("internal", `The gateway's folder ${this.#path} cannot be used`, {
        hint: "It must be a folder that this user may write to.",
        cause: error,
      });
    }
  }

  /** Two gateways that start at once take the same key: the one that was there first. */
  async #readKey(): Promise<Buffer> {
    const file = join(this.#path, "key");
    const made = join(this.#path, `.key-${randomBytes(6).toString("hex")}`);
    await writeFile(made, randomBytes(keyBytes), { mode: 0o600 });
    try {
      await link(made, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      await unlink(made);
    }
    const key = await readFile(file);
    if (key.length !== keyBytes) throw new Error(`${file} does not hold a key`);
    return key;
  }

  write(kind: StateKind, id: string, record: unknown): Promise<void> {
    const file = this.#file(kind, id);
    return this.#inTurn(file, async () => {
      const partial = `${file}.${randomBytes(6).toString("hex")}.partial`;
      await writeFile(partial, JSON.stringify(record), { mode: 0o600 });
      await rename(partial, file);
    });
  }

  remove(kind: StateKind, id: string): Promise<void> {
    const file = this.#file(kind, id);
    return this.#inTurn(file, () => rm(file, { force: true }));
  }

  /** Every record that can be read. One that cannot is told and left where it is. */
  async read<T>(kind: StateKind, schema: z.ZodType<T>, onUnreadable: (file: string) => void): Promise<T[]> {
    const records: T[] = [];
    for (const name of await readdir(this.#folder(kind))) {
      const file = join(this.#folder(kind), name);
      if (name.endsWith(".partial")) await rm(file, { force: true });
      if (!name.endsWith(".json")) continue;
      const parsed = schema.safeParse(parseJson(await readFile(file, "utf8")));
      if (parsed.success) records.push(parsed.data);
      else onUnreadable(file);
    }
    return records;
  }

  #folder(kind: StateKind): string {
    return join(this.#path, kind);
  }

  #file(kind: StateKind, id: string): string {
    return join(this.#folder(kind), `${id}.json`);
  }

  #inTurn(file: string, task: () => Promise<void>): Promise<void> {
    const before = this.#writes.get(file) ?? Promise.resolve();
    const turn = before.catch(() => {}).then(task);
    this.#writes.set(file, turn);
    const forget = (): void => {
      if (this.#writes.get(file) === turn) this.#writes.delete(file);
    };
    turn.then(forget, forget);
    return turn;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON matches no schema either.
    return undefined;
  }
}
