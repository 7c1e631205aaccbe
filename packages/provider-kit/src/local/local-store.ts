import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { SandboxSpec } from "@glovebox/core/provider";
import { keyDigest } from "../key-digest.ts";
import { LocalSandbox } from "./local-sandbox.ts";

/** The prefix of directories that are being filled. */
const unfinished = ".new-";

/** No directory takes so long to fill: its process has died. */
const abandonedAfterMs = 60 * 60 * 1000;

/** Where a local provider keeps its sandboxes. */
export interface LocalStoreOptions {
  readonly directory: string;
  /** What ids begin with: `bw`. */
  readonly prefix: string;
  /** Removes `workspace` and `home` below a directory, which a sandbox's user owns, while its lock is held. */
  readonly empty: (directory: string) => Promise<void>;
}

/**
 * The sandboxes and templates of a provider whose sandboxes are processes of this host. Each is a directory, filled under a
 * temporary name and then renamed, so that nobody finds half of one.
 */
export class LocalStore {
  readonly #options: LocalStoreOptions;
  readonly #sandboxes: string;
  readonly #templates: string;

  constructor(options: LocalStoreOptions) {
    this.#options = options;
    this.#sandboxes = join(options.directory, "sandboxes");
    this.#templates = join(options.directory, "templates");
  }

  /** The sandbox of an idempotency key, whether it exists or not. */
  ofKey(idempotencyKey: string): LocalSandbox {
    return this.#sandbox(`${this.#options.prefix}-${keyDigest(idempotencyKey).slice(0, 32)}`);
  }

  /** The sandbox of an id, whether it exists or not; `undefined` for an id that no sandbox of this store can have. */
  ofId(id: string): LocalSandbox | undefined {
    const isId = typeof id === "string" && new RegExp(`^${this.#options.prefix}-[0-9a-f]{32}$`).test(id);
    return isId ? this.#sandbox(id) : undefined;
  }

  all(): readonly LocalSandbox[] {
    return namesIn(this.#sandboxes)
      .filter((name) => !name.startsWith(unfinished))
      .map((name) => this.#sandbox(name));
  }

  /** Makes a sandbox that was not started. False when another call has made it. */
  async make(sandbox: LocalSandbox, spec: SandboxSpec, fill: (directory: string) => Promise<void>): Promise<boolean> {
    if (sandbox.readRecord() !== undefined) return false;
    const staged = new LocalSandbox(stage(this.#sandboxes), this.#options.empty);
    try {
      mkdirSync(staged.run, { mode: 0o700 });
      staged.writeRecord(spec);
      await fill(staged.path);
      if (publish(staged.path, sandbox.path)) return true;
    } catch (error) {
      await staged.remove().catch(() => {});
      throw error;
    }
    await staged.remove();
    return false;
  }

  /** The directory of a template, whether it exists or not. `digest` is hexadecimal. */
  template(digest: string): string {
    return join(this.#templates, digest.slice(0, 32));
  }

  /** Fills a template's directory. False when another call has made it. */
  async makeTemplate(path: string, fill: (directory: string) => Promise<void>, rebuild = false): Promise<boolean> {
    const staged = stage(this.#templates);
    try {
      await fill(staged);
      if (rebuild) rmSync(path, { recursive: true, force: true });
      return publish(staged, path);
    } finally {
      rmSync(staged, { recursive: true, force: true });
    }
  }

  /** Removes what processes that died had begun to make. What cannot be removed is left for the next time. */
  async sweep(): Promise<void> {
    for (const parent of [this.#sandboxes, this.#templates]) {
      for (const name of namesIn(parent)) {
        const path = join(parent, name);
        const found = name.startsWith(unfinished) ? statSync(path, { throwIfNoEntry: false }) : undefined;
        if (found === undefined || Date.now() - found.mtimeMs < abandonedAfterMs) continue;
        await new LocalSandbox(path, this.#options.empty).remove().catch(() => {});
      }
    }
  }

  #sandbox(id: string): LocalSandbox {
    return new LocalSandbox(join(this.#sandboxes, id), this.#options.empty);
  }
}

function stage(parent: string): string {
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const path = join(parent, `${unfinished}${randomUUID()}`);
  mkdirSync(path, { mode: 0o700 });
  return path;
}

/** Gives a filled directory its name. False when the name is taken. */
function publish(staged: string, path: string): boolean {
  try {
    renameSync(staged, path);
    return true;
  } catch (error) {
    if (["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
