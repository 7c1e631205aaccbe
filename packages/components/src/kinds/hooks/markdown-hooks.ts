import { isDeepStrictEqual } from "node:util";
import type { ComponentProgram, PlacedFile } from "../component-content.ts";
import { ComponentRefusal } from "../component-refusal.ts";
import type { FrontMatter } from "../front-matter/front-matter.ts";
import { mapHookCommands } from "../shell/map-hook-commands.ts";
import { pointHookAtWorkspace } from "../shell/point-at-workspace.ts";
import { runByBash } from "../shell/run-by-bash.ts";
import { scriptReferences } from "../shell/script-references.ts";
import { shellNeeds } from "../shell/shell-needs.ts";
import { type HookTable, parseHooks } from "./parse-hooks.ts";

export interface MarkdownHooks {
  /** With hooks that `/bin/sh` can run from any directory; its `problem` says so where they were others. */
  readonly front: FrontMatter | undefined;
  readonly programs: readonly ComponentProgram[];
  /** Scripts that they run and that are not placed, relative to the workspace. */
  readonly missingScripts: readonly string[];
  readonly warnings: readonly string[];
}

/** The hooks in the front matter of an agent, a command or a skill, treated as those of settings are. */
export function markdownHooks(
  front: FrontMatter | undefined,
  placed: readonly PlacedFile[],
  neededBy: string,
): MarkdownHooks {
  const hookValue = front?.values.hooks;
  if (front === undefined || hookValue === undefined || hookValue === null || isDeepStrictEqual(hookValue, {}))
    return { front, programs: [], missingScripts: [], warnings: [] };
  const warnings: string[] = [];
  const hooks = readTable(hookValue, warnings);
  if (hooks === undefined) return { front, programs: [], missingScripts: [], warnings };
  const commands = Object.values(hooks).flatMap((list) =>
    list.flatMap((item) => item.hooks.flatMap(({ command }) => (typeof command === "string" ? [command] : []))),
  );
  const files = placed.map(({ path }) => path);
  const scripts = commands.flatMap(scriptReferences).filter(({ path, guarded }) => !guarded && !files.includes(path));
  const missingScripts = [...new Set(scripts.map(({ path }) => path))];
  const paths = [...files, ...missingScripts];
  const named = placed.filter(({ path }) => commands.some((command) => command.includes(path)));
  const programs = shellNeeds(commands, [], named, neededBy);
  const mapped = mapHookCommands(hooks, (command) => runByBash(pointHookAtWorkspace(command, paths)));
  if (isDeepStrictEqual(mapped, hookValue)) return { front, programs, missingScripts, warnings };
  const problem = front.problem ?? "its hooks are brought into a form that runs in every shell and directory";
  return {
    front: { ...front, values: { ...front.values, hooks: mapped }, problem },
    programs,
    missingScripts,
    warnings,
  };
}

/** Claude Code leaves out hooks that it cannot read; what holds them works without. */
function readTable(hookValue: unknown, warnings: string[]): HookTable | undefined {
  try {
    return parseHooks(hookValue, warnings);
  } catch (error) {
    if (!(error instanceof ComponentRefusal)) throw error;
    warnings.push(`Its front matter ${error.reason}: its hooks do not run`);
    return undefined;
  }
}
