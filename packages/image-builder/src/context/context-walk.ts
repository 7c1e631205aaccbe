import { isUtf8 } from "node:buffer";
import type { Stats } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";

export interface ContextFile {
  /** Relative to the context, with forward slashes. */
  readonly name: string;
  readonly stats: Stats;
  readonly link?: string;
}

/** A walk through a build context that finds what is sent, and what an archive cannot carry. */
export class ContextWalk {
  readonly files: ContextFile[] = [];
  /** Names, and links to names, that are not UTF-8, with `\xFC` for each byte. */
  readonly leftOut: string[] = [];
  readonly #directory: string;
  readonly #dockerfile: string;
  readonly #ignore = dockerignore.default();
  readonly #hasExceptions: boolean;

  /** `rules` is the text of the `.dockerignore`. */
  constructor(directory: string, dockerfile: string, rules: string) {
    this.#directory = directory;
    this.#dockerfile = dockerfile;
    this.#ignore.add(rules);
    // A rule with `!` can bring back what lies in a left-out directory, so such a directory is still walked.
    this.#hasExceptions = /^\s*!/m.test(rules);
  }

  /** Visits what lies below a directory of the context. `kept` says whether the directory itself is sent. */
  async visit(below: string, kept: boolean): Promise<void> {
    for (const bytes of await this.#names(below, kept)) {
      const name = below === "" ? bytes.toString("utf8") : `${below}/${bytes.toString("utf8")}`;
      if (isUtf8(bytes)) await this.#entry(name);
      else if (kept && !this.#ignore.ignores(name)) {
        this.leftOut.push(below === "" ? escaped(bytes) : `${below}/${escaped(bytes)}`);
      }
    }
  }

  async #entry(name: string): Promise<void> {
    const kept = name === this.#dockerfile || !this.#ignore.ignores(name);
    // Left-out entries are not looked at, except for a directory that an exception could bring back from.
    if (!kept && !this.#hasExceptions) return;
    const stats = await lstat(join(this.#directory, name));
    if (stats.isDirectory()) {
      if (kept) this.files.push({ name, stats });
      await this.visit(name, kept);
    } else if (kept && stats.isFile()) this.files.push({ name, stats });
    else if (kept && stats.isSymbolicLink()) {
      const link = await readlink(join(this.#directory, name), { encoding: "buffer" });
      if (isUtf8(link)) this.files.push({ name, stats, link: link.toString("utf8") });
      else this.leftOut.push(`${name} -> ${escaped(link)}`);
    }
  }

  /** In order. */
  async #names(below: string, kept: boolean): Promise<Buffer[]> {
    const names = await readdir(join(this.#directory, below), { encoding: "buffer" }).catch((error) => {
      if (kept) throw error;
      return [];
    });
    return names.sort(Buffer.compare);
  }
}

function escaped(name: Buffer): string {
  return name.toString("latin1").replace(/[^ -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
