import type { ComponentKind } from "../component-kind.ts";
import type { SourceTree } from "../tree/source-tree.ts";

/** A component as it lies in a source. */
export interface ComponentInput {
  readonly tree: SourceTree;
  readonly kind: ComponentKind;
  /** Its main file: the Markdown, the JSON, or a skill's `SKILL.md`. */
  readonly path: string;
  /** What it is called once installed; a command's may hold the folder that it goes to. */
  readonly baseName: string;
  /** One server of a file of MCP servers; all of them otherwise. */
  readonly server?: string;
  /** The plugin it is part of. */
  readonly plugin?: { readonly name: string; readonly root: string };
}
