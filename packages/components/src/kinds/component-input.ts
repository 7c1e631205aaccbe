import type { ComponentKind } from "../component-kind.ts";
import type { SourceTree } from "../tree/source-tree.ts";

/** A component as it lies in a source. */
export interface ComponentInput {
  readonly tree: SourceTree;
  readonly kind: ComponentKind;
  /** Its main file: the Markdown, the JSON, or a skill's `SKILL.md`. */
  readonly path: string;
  /** What it is called once installed; a command's may hold the directory that it goes to. */
  readonly baseName: string;
  /** What an agent or skill is to be called in its front matter, where its own name is another's too. */
  readonly calledName?: string;
  /** One server of a file of MCP servers; all of them otherwise. */
  readonly server?: string;
  /** The plugin it is part of. */
  readonly plugin?: { readonly name: string; readonly root: string };
  /** Whether the plugin comes as a whole, and keeps its places and names. */
  readonly isWhole?: true;
}
