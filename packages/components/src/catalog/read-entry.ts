import { createHash } from "node:crypto";
import { SandboxError } from "@glovebox/core/provider";
import type { ComponentContent } from "../kinds/component-content.ts";
import type { ComponentInput } from "../kinds/component-input.ts";
import { ComponentRefusal } from "../kinds/component-refusal.ts";
import { readComponent } from "../kinds/read-component.ts";
import type { SourceTree } from "../tree/source-tree.ts";
import { baseName } from "./base-name.ts";
import type { CatalogEntry } from "./catalog-entry.ts";
import { readPlugin } from "./read-plugin.ts";

export interface ReadEntry {
  readonly content: ComponentContent;
  /** Over the paths, modes and contents of the source's files that the component is made of. */
  readonly sha256: string;
}

/**
 * Reads a component of a catalog, to be installed as `installName` (its name without category by default), and to be
 * called `calledName` in its front matter where that is given.
 * Throws a `ComponentRefusal` when it cannot be installed as its kind.
 */
export async function readEntry(
  tree: SourceTree,
  entry: Omit<CatalogEntry, "description">,
  installName: string = baseName(entry.name),
  calledName?: string,
): Promise<ReadEntry> {
  if (entry.problem !== undefined) throw new ComponentRefusal(entry.problem);
  const used = new Set<string>();
  const recording: SourceTree = {
    ...tree,
    read: async (path) => {
      if (entry.inline !== undefined && entry.kind !== "plugin" && path === entry.path)
        return Buffer.from(entry.inline);
      used.add(path);
      return tree.read(path);
    },
  };
  const content = await readContent(entry, {
    tree: recording,
    path: entry.path,
    baseName: installName,
    ...(calledName === undefined ? {} : { calledName }),
    ...(entry.server === undefined ? {} : { server: entry.server }),
    ...(entry.plugin === undefined ? {} : { plugin: entry.plugin }),
  }).catch((cause: unknown) => {
    if (SandboxError.isInstance(cause)) throw cause;
    // One entry that is made to break a reader (nested a million deep, say) must not take its catalog with it.
    throw new ComponentRefusal(`cannot be read: ${(cause as Error).message}`);
  });
  const hash = createHash("sha256").update(entry.inline ?? "");
  for (const file of tree.files)
    if (used.has(file.path)) hash.update(`${file.mode.toString(8)} ${file.sha256} ${file.path}\n`);
  return { content, sha256: hash.digest("hex") };
}

async function readContent(
  entry: Omit<CatalogEntry, "description">,
  input: Omit<ComponentInput, "kind">,
): Promise<ComponentContent> {
  if (entry.kind !== "plugin") return readComponent({ ...input, kind: entry.kind });
  if (entry.plugin === undefined) throw new ComponentRefusal("lies in another repository");
  return readPlugin(input.tree, entry.plugin, entry.inline);
}
