import type { ComponentKind } from "../component-kind.ts";
import type { SourceTree } from "../tree/source-tree.ts";
import type { CatalogEntry } from "./catalog-entry.ts";

type Found = Omit<CatalogEntry, "description">;

/** A skill's main file with a name in other letters, which is installed as the one that Claude Code reads. */
const otherSkill = /^(.+)\/skill\.md$/i;

interface Directory {
  readonly kind: ComponentKind;
  readonly pattern: RegExp;
  /** What looks like a component and is not one; naming it fails with this reason. */
  readonly stranger?: { readonly pattern: RegExp; readonly problem: string };
}

const markdown = /^(.+)\.md$/;
const json = /^(.+)\.json$/;

const directories: ReadonlyMap<string, Directory> = new Map(
  Object.entries({
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
    loops: { kind: "loop", pattern: markdown },
    skills: { kind: "skill", pattern: /^(.+)\/SKILL\.md$/ },
  }),
);

/** Files that speak about a catalog and are no part of it. */
const documents =
  /(^|\/)(README|Readme|readme|CHANGELOG|CONTRIBUTING|LICENSE|NOTICE|\w*ATTRIBUTION)\.md$|(^|\/)(package(-lock)?|tsconfig)\.json$/;

/** The components of a source laid out as claude-code-templates is: a directory for each kind, categories below it. */
export function templateEntries(tree: SourceTree): Found[] {
  const found: Found[] = [];
  const strangers: Found[] = [];
  const skills: string[] = [];
  const take = (path: string, problem?: string): void => {
    const slash = path.indexOf("/");
    const directory = directories.get(path.slice(0, Math.max(slash, 0)));
    if (directory === undefined || documents.test(path)) return;
    const { kind, pattern, stranger } = directory;
    const inside = path.slice(slash + 1);
    const name = pattern.exec(inside)?.[1];
    const strange = stranger?.pattern.exec(inside)?.[1];
    if (name !== undefined) found.push({ kind, name, path, ...(problem === undefined ? {} : { problem }) });
    else if (kind === "skill" && otherSkill.test(inside)) skills.push(path);
    else if (stranger !== undefined && strange !== undefined)
      strangers.push({ kind, name: strange, path, problem: stranger.problem });
  };
  for (const file of tree.files) take(file.path);
  for (const entry of tree.refused) take(entry.path, entry.reason);
  // Inside a skill, or beside its SKILL.md, such a file is one of its documents.
  const isApart = (directory: string): boolean =>
    !found.some(({ kind, name }) => kind === "skill" && (directory === name || directory.startsWith(`${name}/`)));
  for (const path of skills) {
    const name = otherSkill.exec(path.slice("skills/".length))?.[1] ?? "";
    if (isApart(name)) found.push({ kind: "skill", name, path });
  }
  // Beside a component of the same name it only describes that.
  const names = new Set(found.map(({ kind, name }) => `${kind} ${name}`));
  return [...found, ...strangers.filter(({ kind, name }) => !names.has(`${kind} ${name}`))];
}
