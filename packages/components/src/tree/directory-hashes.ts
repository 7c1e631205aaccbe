import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import { join } from "node:path";
import { makeHostDirectory, readHostText } from "@glovebox/core/host-files";
import { replaceFile } from "@glovebox/core/state";

/** What a file was like when it was hashed, and its hash. */
type Known = readonly [size: number, mtimeMs: number, ctimeMs: number, inode: number, sha256: string];

/** A file that was written so shortly before it was hashed may be written again without looking different. */
const settledMs = 2000;
const maxBytes = 64 * 1024 * 1024;

/**
 * The hashes of a directory's files from the last time, for those that have not been touched since. Only a shorter way
 * to the same hash: a file is compared with it again when it is read.
 */
export class DirectoryHashes {
  readonly #path: string;
  readonly #before: ReadonlyMap<string, Known>;
  readonly #now = new Map<string, Known>();
  readonly #digestBefore: string | undefined;

  private constructor(path: string, before: ReadonlyMap<string, Known>, digest: string | undefined) {
    this.#path = path;
    this.#before = before;
    this.#digestBefore = digest;
  }

  static async open(cacheDir: string, directory: string): Promise<DirectoryHashes> {
    const name = createHash("sha256").update(directory).digest("hex").slice(0, 32);
    const path = join(cacheDir, "directories", `${name}.json`);
    try {
      const { version, digest, files } = JSON.parse((await readHostText(path, { maxBytes })) ?? "") as {
        readonly version: number;
        readonly digest: string;
        readonly files: Readonly<Record<string, Known>>;
      };
      if (version === 1) return new DirectoryHashes(path, new Map(Object.entries(files)), digest);
    } catch {
      // Missing or torn: every file is hashed.
    }
    return new DirectoryHashes(path, new Map(), undefined);
  }

  find(path: string, stats: Stats): string | undefined {
    const known = this.#before.get(path);
    if (known === undefined) return undefined;
    const [size, mtimeMs, ctimeMs, inode, sha256] = known;
    const isSame = size === stats.size && mtimeMs === stats.mtimeMs && ctimeMs === stats.ctimeMs && inode === stats.ino;
    if (!isSame) return undefined;
    this.#now.set(path, known);
    return sha256;
  }

  add(path: string, stats: Stats, sha256: string): void {
    if (Date.now() - Math.max(stats.mtimeMs, stats.ctimeMs) < settledMs) return;
    this.#now.set(path, [stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino, sha256]);
  }

  /**
   * Keeps what was found for the next time. A cache that cannot be written costs that one its time, and nothing else.
   */
  async save(digest: string): Promise<void> {
    if (digest === this.#digestBefore && this.#now.size === this.#before.size) return;
    try {
      await makeHostDirectory(join(this.#path, ".."), 0o700);
      const files = Object.fromEntries(this.#now);
      await replaceFile(this.#path, JSON.stringify({ version: 1, digest, files }));
    } catch {
      // The next time hashes every file again.
    }
  }
}
