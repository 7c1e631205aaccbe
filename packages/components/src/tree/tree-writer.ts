import { createHash, randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeHostDirectory } from "@glovebox/core/host-files";
import { InvalidOptionsError, SandboxFileError } from "@glovebox/core/provider";
import { openTree } from "./open-tree.ts";
import { removeLeftovers } from "./remove-leftovers.ts";
import { type LinkTarget, resolveLinks, strayLink } from "./resolve-links.ts";
import type { RefusedEntry, SourceTree, TreeFile } from "./source-tree.ts";
import { byPath, treeDigest } from "./tree-digest.ts";
import { treeLimits } from "./tree-limits.ts";
import { badTreePath } from "./tree-path.ts";

type Handle = Awaited<ReturnType<typeof open>>;

/** Where a file's content lies in the pack. */
export interface PackedFile extends TreeFile {
  readonly offset: number;
}

/**
 * Writes what a source holds into the cache: one pack of contents and one list, under the digest of both. Nothing is
 * ever unpacked onto the host's disk under a name that the source chose, so no name, link or case can reach out.
 */
export class TreeWriter {
  readonly #dir: string;
  readonly #packPath: string;
  readonly #pack: Handle;
  readonly #files = new Map<string, PackedFile>();
  readonly #refused: RefusedEntry[] = [];
  readonly #links = new Map<string, LinkTarget>();
  #offset = 0;

  private constructor(dir: string, packPath: string, pack: Handle) {
    this.#dir = dir;
    this.#packPath = packPath;
    this.#pack = pack;
  }

  static async create(treesDir: string): Promise<TreeWriter> {
    await makeHostDirectory(treesDir, 0o700);
    await removeLeftovers(treesDir);
    const packPath = join(treesDir, `${randomUUID()}.tmp`);
    return new TreeWriter(treesDir, packPath, await open(packPath, "wx", 0o600));
  }

  /** Adds a file, or lists it as refused where its name or size is not fit. Reads `content` to its end either way. */
  async add(path: string, executable: boolean, content: AsyncIterable<Uint8Array>): Promise<void> {
    const offset = this.#offset;
    const hash = createHash("sha256");
    const bad = badTreePath(path);
    let size = 0;
    for await (const chunk of content) {
      size += chunk.length;
      if (bad !== undefined || size > treeLimits.fileBytes) continue;
      hash.update(chunk);
      await this.#write(chunk, offset + size - chunk.length);
    }
    if (bad !== undefined) return this.refuse(path, bad);
    if (size > treeLimits.fileBytes)
      return this.refuse(path, `is larger than ${treeLimits.fileBytes / 1024 / 1024} MiB`);
    if (this.#files.has(path)) throw new InvalidOptionsError(`The source holds ${JSON.stringify(path)} twice`);
    this.#offset += size;
    this.#files.set(path, { path, mode: executable ? 0o755 : 0o644, size, sha256: hash.digest("hex"), offset });
    this.#checkLimits();
  }

  async #write(chunk: Uint8Array, position: number): Promise<void> {
    try {
      await this.#pack.write(chunk, 0, chunk.length, position);
    } catch (cause) {
      throw new SandboxFileError(`The cache of components cannot be written: ${(cause as Error).message}`, { cause });
    }
  }

  /** Notes a link: it is the file of this tree that it leads to, or it is refused. */
  link(path: string, link: LinkTarget): void {
    const bad = badTreePath(path);
    if (bad !== undefined) this.refuse(path, bad);
    else this.#links.set(path, link);
    this.#checkLimits();
  }

  refuse(path: string, reason: string): void {
    this.#refused.push({ path, reason });
    this.#checkLimits();
  }

  #checkLimits(): void {
    if (this.#files.size + this.#refused.length + this.#links.size > treeLimits.files)
      throw new InvalidOptionsError(`The source holds more than ${treeLimits.files} files`);
    if (this.#offset > treeLimits.totalBytes)
      throw new InvalidOptionsError(`The source holds more than ${treeLimits.totalBytes / 1024 / 1024} MiB`);
  }

  #resolveLinks(): void {
    const resolved = resolveLinks(this.#links, (path) => this.#files.has(path));
    const targets = [...resolved].map(([path, target]) => [path, this.#files.get(target)] as const);
    for (const [path, file] of targets) if (file !== undefined) this.#files.set(path, { ...file, path });
    for (const path of this.#links.keys())
      if (!resolved.has(path)) this.#refused.push({ path, reason: strayLink, isLink: true });
  }

  /** Puts the tree into the cache. The list is written last: a pack without one does not count. */
  async finish(): Promise<SourceTree> {
    this.#resolveLinks();
    const files = [...this.#files.values()].sort(byPath);
    const refused = this.#refused.sort(byPath);
    const digest = treeDigest(files, refused);
    await this.#pack.truncate(this.#offset);
    await this.#pack.close();
    await rename(this.#packPath, join(this.#dir, `${digest}.pack`));
    const list = join(this.#dir, `${randomUUID()}.tmp`);
    const handle = await open(list, "wx", 0o600);
    await handle.writeFile(JSON.stringify({ version: 1, files, refused }));
    await handle.close();
    await rename(list, join(this.#dir, `${digest}.json`));
    const tree = await openTree(this.#dir, digest);
    if (tree === undefined) throw new InvalidOptionsError("The cache of components lost what was just written");
    return tree;
  }

  /** Leaves nothing behind after a failure. */
  async discard(): Promise<void> {
    await this.#pack.close().catch(() => {
      // It was closed by `finish`, which failed after.
    });
    await rm(this.#packPath, { force: true });
  }
}
