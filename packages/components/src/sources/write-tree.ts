import type { SourceTree } from "../tree/source-tree.ts";
import { TreeWriter } from "../tree/tree-writer.ts";

/** Makes a tree in the cache by way of `fill`, and leaves nothing behind when that fails. */
export async function writeTree(treesDir: string, fill: (writer: TreeWriter) => Promise<void>): Promise<SourceTree> {
  const writer = await TreeWriter.create(treesDir);
  try {
    await fill(writer);
    return await writer.finish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}
