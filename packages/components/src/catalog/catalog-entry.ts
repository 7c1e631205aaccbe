import type { ComponentKind } from "../component-kind.ts";

/** A component as a catalog lists it. */
export interface CatalogEntry {
  readonly kind: ComponentKind;
  /** With its category: `development-team/frontend-developer`. A plugin's components have its name for a category. */
  readonly name: string;
  /** Its main file in the source. */
  readonly path: string;
  /** At most 300 characters, on one line. */
  readonly description: string;
  /** Why it cannot be installed as its kind; completes the sentence "It …". */
  readonly problem?: string;
  /** A script that it runs and its source does not hold: it installs only where the workspace has it. */
  readonly missingScript?: string;
  /** What keeps it from working in a sandbox, although it installs; completes the sentence "It …". */
  readonly obstacle?: string;
  /** One server of a plugin's file of MCP servers. */
  readonly server?: string;
  /** The plugin that it is or is part of, and that plugin's directory. */
  readonly plugin?: { readonly name: string; readonly root: string };
  /** Of a plugin that lies in another repository: where, as `parseSource` reads it. It is fetched when it is named. */
  readonly external?: string;
  /** Its JSON, where a marketplace writes it into its own file. */
  readonly inline?: string;
}

/** A plugin of a marketplace that lies in another repository: fetched when one of its components is named. */
export interface ExternalPlugin {
  readonly name: string;
  /** As `parseSource` reads it. */
  readonly source: string;
}

/** What a source holds. */
export interface CatalogListing {
  /** By kind, then name. */
  readonly entries: readonly CatalogEntry[];
  readonly external: readonly ExternalPlugin[];
}
