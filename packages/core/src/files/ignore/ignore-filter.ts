import ignore from "ignore";

/** What a result leaves out, from patterns in .gitignore syntax. */
export interface IgnoreFilter {
  ignores(path: string, isDirectory: boolean): boolean;
  /**
   * The patterns that the sandbox's side understands, in the syntax of `getArchive`'s `exclude`: they save the way, and
   * never leave out more than the filter does.
   */
  readonly exclude: readonly string[];
}

export function createIgnoreFilter(patterns: readonly string[]): IgnoreFilter {
  const rules = ignore({ ignorecase: false }).add([...patterns]);
  const lastNegation = patterns.findLastIndex((pattern) => pattern.startsWith("!"));
  return {
    ignores: (path, isDirectory) => rules.ignores(isDirectory ? `${path}/` : path),
    exclude: patterns.slice(lastNegation + 1).flatMap(asExclude),
  };
}

/**
 * Only plain names and plain paths are the same in both languages; `name/` means directories alone, which the sandbox's side
 * cannot say.
 */
function asExclude(pattern: string): string[] {
  if (!/^[\w.@+/-]+$/.test(pattern) || pattern.endsWith("/")) return [];
  const anchored = pattern.startsWith("/") ? pattern.slice(1) : pattern;
  if (anchored.split("/").some((part) => part === "" || part === "." || part === "..")) return [];
  return [pattern.includes("/") ? `./${anchored}` : pattern];
}
