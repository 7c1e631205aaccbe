import type { ComponentKind } from "../component-kind.ts";
import type { SourceTree } from "../tree/source-tree.ts";
import type { CatalogEntry } from "./catalog-entry.ts";

type Found = Omit<CatalogEntry, "description">;

const folders: Readonly<Record<string, { readonly kind: ComponentKind; readonly pattern: RegExp }>> = {
  agents: { kind: "agent", pattern: /^(.+)\.md$/ },
  commands: { kind: "command", pattern: /^(.+)\.md$/ },
  mcps: { kind: "mcp", pattern: /^(.+)\.json$/ },
  settings: { kind: "setting", pattern: /^(.+)\.json$/ },
  hooks: { kind: "hook", pattern: /^(.+)\.json$/ },
  skills: { kind: "skill", pattern: /^(.+)\/SKILL\.md$/ },
};

/** Files that speak about a catalog and are no part of it. */
const documents =
  /(^|\/)(README|Readme|readme|CHANGELOG|CONTRIBUTING|LICENSE|NOTICE|\w*ATTRIBUTION)\.md$|(^|\/)(package(-lock)?|tsconfig)\.json$/;
/(^|\/)(README|CHANGELOG|CONTRIBUTING|LICENSE|ANTHROPIC_ATTRIBUTION|package(-lock)?|tsconfig)\.[a-z]+$/i;

/** The components of a source laid out as claude-code-templates is: a folder for each kind, categories below it. */
export function templateEntries(tree: SourceTree): Found[] {
  const found: Found[] = [];
  const take = (path: string, problem?: string): void => {
    const slash = path.indexOf("/");
    const folder = folders[path.slice(0, Math.max(slash, 0))];
    const name = folder?.pattern.exec(path.slice(slash + 1))?.[1];
    if (folder === undefined || name === undefined || documents.test(path)) return;
    found.push({ kind: folder.kind, name, path, ...(problem === undefined ? {} : { problem }) });
  };
  for (const file of tree.files) take(file.path);
  for (const entry of tree.refused) take(entry.path, entry.reason);
  return found;
}
