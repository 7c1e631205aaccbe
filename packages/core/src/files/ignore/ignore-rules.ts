import { join } from "node:path";
import ignore, { type Ignore } from "ignore";
import { readHostFileSync } from "../../host-files/read-host-file.ts";

export interface IgnoreRules {
  /** The directory that the rules are relative to. */
  readonly base: string;
  readonly rules: Ignore;
}

/** The rules that hold in a directory: those of its `.gitignore`, when it is a file that can be read, before the outer ones. */
export function withRulesOf(directory: string, base: string, outer: readonly IgnoreRules[]): readonly IgnoreRules[] {
  try {
    const bytes = readHostFileSync(join(directory, ".gitignore"), { noFollow: true });
    if (bytes === undefined) return outer;
    const text = bytes.toString("utf8").replace(/^\ufeff/, "");
    return [{ base, rules: ignore({ ignorecase: false }).add(text) }, ...outer];
  } catch {
    // An ignore file that cannot be read ignores nothing.
    return outer;
  }
}

/** The rules nearest to the path decide. */
export function isIgnored(path: string, isDirectory: boolean, rules: readonly IgnoreRules[]): boolean {
  for (const { base, rules: own } of rules) {
    const relative = base === "" ? path : path.slice(base.length + 1);
    const verdict = own.test(isDirectory ? `${relative}/` : relative);
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}
