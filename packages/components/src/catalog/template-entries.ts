import type { ComponentKind } from "../component-kind.ts";
import type { SourceTree } from "../tree/source-tree.ts";
import type { CatalogEntry } from "./catalog-entry.ts";

type Found = Omit<CatalogEntry, "description">;

interface Folder {
  readonly kind: ComponentKind;
  readonly pattern: RegExp;
  /** What lies there, looks like one and is none: who names it is told why. */
  readonly stranger?: { readonly pattern: RegExp; readonly problem: string };
}

const markdown = /^(.+)\.md$/;
const json = /^(.+)\.json$/;

const folders: Readonly<Record<string, Folder>> = {
  agents: { kind: "agent", pattern: markdown },
  commands: { kind: "command", pattern: markdown },
  mcps: {
    kind: "mcp",
    pattern: json,
    stranger: { pattern: markdown, problem: "is Markdown, and an MCP server is JSON" },
  },
  settings: {
    kind: "setting",
    pattern: json,
    stranger: { pattern: markdown, problem: "is Markdown, and a setting is JSON" },
  },
  hooks: { kind: "hook", pattern: json, stranger: { pattern: markdown, problem: "is Markdown, and a hook is JSON" } },
  skills: {
    kind: "skill",
    pattern: /^(.+)\/SKILL\.md$/,
    stranger: { pattern: /^(.+)\/[Ss]kill\.md$/, problem: "has a skill.md, and Claude Code reads SKILL.md alone" },
  },
};

/** Files that speak about a catalog and are no part of it. */
const documents =
  /(^|\/)(README|Readme|readme|CHANGELOG|CONTRIBUTING|LICENSE|NOTICE|\w*ATTRIBUTION)\.md$|(^|\/)(package(-lock)?|tsconfig)\.json$/;

/** The components of a source laid out as claude-code-templates is: a folder for each kind, categories below it. */
export function templateEntries(tree: SourceTree): Found[] {
  const found: Found[] = [];
  const strangers: Found[] = [];
  const take = (path: string, problem?: string): void => {
    const slash = path.indexOf("/");
    const folder = folders[path.slice(0, Math.max(slash, 0))];
    if (folder === undefined || documents.test(path)) return;
    const { kind, pattern, stranger } = folder;
    const inside = path.slice(slash + 1);
    const name = pattern.exec(inside)?.[1];
    const strange = stranger?.pattern.exec(inside)?.[1];
    if (name !== undefined) found.push({ kind, name, path, ...(problem === undefined ? {} : { problem }) });
    else if (stranger !== undefined && strange !== undefined)
      strangers.push({ kind, name: strange, path, problem: stranger.problem });
  };
  for (const file of tree.files) take(file.path);
  for (const entry of tree.refused) take(entry.path, entry.reason);
  // Beside a component of the same name it only describes that.
  const names = new Set(found.map(({ kind, name }) => `${kind} ${name}`));
  return [...found, ...strangers.filter(({ kind, name }) => !names.has(`${kind} ${name}`))];
}
