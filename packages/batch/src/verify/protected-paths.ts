import ignore, { type Ignore } from "ignore";
import { protectionRules } from "./protection-rules.ts";

/** Which files of a workspace a verification takes from the project, whatever the agent made of them. */
export interface ProtectionOptions {
  /**
   * More of them, in gitignore syntax; `!` before a pattern leaves files to the agent that are protected by default. The last
   * pattern that matches counts.
   */
  readonly protect?: readonly string[];
  /** Paths that are protected too, each with its kind: what the command names, test files with names of their own. */
  readonly also?: ReadonlyMap<string, string>;
}

/** The files that decide the verdict of a test command. */
export class ProtectedPaths {
  readonly #own: Ignore;
  readonly #also: ReadonlyMap<string, string>;

  constructor({ protect = [], also = new Map() }: ProtectionOptions = {}) {
    this.#own = ignore({ allowRelativePaths: false }).add([...protect]);
    this.#also = also;
  }

  /** Why a path is protected: `test`, `package`, `config`, …; `undefined` for one that is the agent's to change. */
  kindOf(path: string): string | undefined {
    const { ignored, unignored } = this.#own.test(path);
    if (unignored) return undefined;
    const kind = defaults.find(([, patterns]) => patterns.ignores(path))?.[0];
    return kind ?? this.#also.get(path) ?? (ignored ? "protected" : undefined);
  }
}

const defaults = protectionRules.map(
  ([kind, patterns]) => [kind, ignore().add(patterns.flatMap(expandBraces))] as const,
);

/** `*.{js,ts}`: gitignore syntax has no alternatives. */
function expandBraces(pattern: string): string[] {
  const [, before, alternatives, after] = /^(.*)\{(.+)\}(.*)$/.exec(pattern) ?? [];
  if (alternatives === undefined) return [pattern];
  return alternatives.split(",").map((one) => `${before}${one}${after}`);
}
