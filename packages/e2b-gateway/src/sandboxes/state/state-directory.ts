import { randomBytes } from "node:crypto";
import { chmod, readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { makeHostDirectory, readHostFile, readHostText } from "@glovebox/core/host-files";
import { SandboxError } from "@glovebox/core/provider";
import { createOnceSync, isPartial, replaceFile } from "@glovebox/core/state";
import pLimit, { type LimitFunction } from "p-limit";
import type { z } from "zod";

const keyBytes = 32;

/** What is kept of a kind: one file each, named after its id. */
export type StateKind = "sandboxes" | "snapshots" | "templates";

const maxRecordBytes = 64 * 1024 * 1024;

/**
 * The gateway's directory. Only its owner may read it: a record holds the variables that its client gave to the sandbox. A
 * record is written whole or not at all.
 */
export class StateDirectory {
  readonly #path: string;
  /** By file: writes to one file run in the order of their calls. */
  readonly #writers = new Map<string, LimitFunction>();
  #key: Promise<Buffer> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Creates the directory, and resolves to the gateway's own key, from which its tokens and its name are derived. */
  open(): Promise<Buffer> {
    this.#key ??= this.#open();
    return this.#key;
  }

  async #open(): Promise<Buffer> {
    try {
      for (const directory of [
        this.#path,
        this.#directory("sandboxes"),
        this.#directory("snapshots"),
        this.#directory("templates"),
      ]) {
        await makeHostDirectory(directory, 0o700);
        await chmod(directory, 0o700);
      }
      return await this.#readKey();
    } catch (error) {
      throw new SandboxError(
        "internal",
        `The gateway's directory ${this.#path} cannot be used: ${(error as Error).message}`,
        {
          hint: "It must be a directory that this user may write to.",
          cause: error,
        },
      );
    }
  }

  /** Two gateways that start at once take the same key: the one that was there first. */
  async #readKey(): Promise<Buffer> {
    const file = join(this.#path, "key");
    createOnceSync(file, randomBytes(keyBytes));
    const key = await readHostFile(file);
    if (key?.length !== keyBytes) throw new Error(`${file} does not hold a key`);
    return key;
  }

  write(kind: StateKind, id: string, record: unknown): Promise<void> {
    const file = this.#file(kind, id);
    return this.#runInOrder(file, () => replaceFile(file, JSON.stringify(record)));
  }

  remove(kind: StateKind, id: string): Promise<void> {
    const file = this.#file(kind, id);
    return this.#runInOrder(file, () => rm(file, { force: true }));
  }

  /** Every readable record. `onUnreadable` gets the file and the id of each other one, which is left in place. */
  async read<T>(kind: StateKind, schema: z.ZodType<T>, onUnreadable: (file: string, id: string) => void): Promise<T[]> {
    const records: T[] = [];
    for (const name of await readdir(this.#directory(kind))) {
      const file = join(this.#directory(kind), name);
      if (isPartial(name)) await rm(file, { force: true });
      if (!name.endsWith(".json")) continue;
      const parsed = schema.safeParse(
        parseJson((await readHostText(file, { maxBytes: maxRecordBytes }).catch(() => undefined)) ?? ""),
      );
      if (parsed.success) records.push(parsed.data);
      else onUnreadable(file, basename(name, ".json"));
    }
    return records;
  }

  #directory(kind: StateKind): string {
    return join(this.#path, kind);
  }

  #file(kind: StateKind, id: string): string {
    return join(this.#directory(kind), `${id}.json`);
  }

  async #runInOrder(file: string, write: () => Promise<void>): Promise<void> {
    const writer = this.#writers.get(file) ?? pLimit(1);
    this.#writers.set(file, writer);
    try {
      await writer(write);
    } finally {
      if (writer.pendingCount === 0 && this.#writers.get(file) === writer) this.#writers.delete(file);
    }
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
