import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { readHostText } from "@glovebox/core/host-files";
import { SandboxFileError, SandboxNotFoundError } from "@glovebox/core/provider";
import type { RefusedEntry, SourceTree, TreeFile } from "./source-tree.ts";

interface TreeList {
  readonly version: number;
  readonly files: readonly (TreeFile & { readonly offset: number })[];
  readonly refused: readonly RefusedEntry[];
}

const maxListBytes = 256 * 1024 * 1024;

/** The tree of this digest in the cache, or `undefined` when it is not there whole. */
export async function openTree(treesDir: string, digest: string): Promise<SourceTree | undefined> {
  const pack = join(treesDir, `${digest}.pack`);
  let list: TreeList;
  try {
    // Our own file, and a long one: what it says about contents is checked against their hashes when they are read.
    list = JSON.parse(
      (await readHostText(join(treesDir, `${digest}.json`), { maxBytes: maxListBytes })) ?? "",
    ) as TreeList;
    if (list.version !== 1) return undefined;
  } catch {
    // Missing, torn or of another version: it is fetched again.
    return undefined;
  }
  const byPath = new Map(list.files.map((file) => [file.path, file]));
  return {
    digest,
    files: list.files,
    refused: list.refused,
    read: async (path) => {
      const file = byPath.get(path);
      if (file === undefined) throw new SandboxNotFoundError(`The source has no file ${JSON.stringify(path)}`);
      const bytes = await readPart(pack, file.offset, file.size);
      if (createHash("sha256").update(bytes).digest("hex") !== file.sha256)
        throw new SandboxFileError(`The cache of components was changed: ${path} is not what was fetched`, {
          hint: `Delete ${treesDir} and fetch again.`,
        });
      return bytes;
    },
  };
}

async function readPart(pack: string, offset: number, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  try {
    const handle = await open(pack, "r");
    try {
      await handle.read(bytes, 0, size, offset);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new SandboxFileError(`The cache of components cannot be read: ${pack}`, { cause });
  }
  return bytes;
}
