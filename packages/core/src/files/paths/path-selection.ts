import { InvalidOptionsError } from "../../errors/index.ts";

/** Which files of a workspace are meant. */
export interface PathSelectionOptions {
  /**
   * Paths of files or directories in the workspace, with forward slashes, or patterns: `*` and `?` match within a name, `**`
   * any number of directories. Empty or absent: everything.
   */
  readonly only?: readonly string[];
  readonly exclude?: readonly string[];
}

/** Which files of a run are meant: those below `only`, without those below `exclude`. */
export class PathSelection {
  readonly #only: readonly PathPattern[];
  readonly #exclude: readonly PathPattern[];

  constructor({ only = [], exclude = [] }: PathSelectionOptions) {
    this.#only = only.map(patternOf);
    this.#exclude = exclude.map(patternOf);
  }

  get isEverything(): boolean {
    return this.#only.length + this.#exclude.length === 0;
  }

  includes(path: string): boolean {
    if (this.#exclude.some(({ matches }) => matches(path))) return false;
    return this.#only.length === 0 || this.#only.some(({ matches }) => matches(path));
  }

  /** The first path or pattern that fits none of the `paths`: most likely a typing error. */
  unmatched(paths: readonly string[]): string | undefined {
    return [...this.#only, ...this.#exclude].find(({ matches }) => !paths.some((path) => matches(path)))?.text;
  }

  /** The same selection in git's syntax. */
  get pathspecs(): readonly string[] {
    return [
      ...this.#only.map(({ text, isGlob }) => `:(top,${isGlob ? "glob" : "literal"})${text}`),
      ...this.#exclude.map(({ text, isGlob }) => `:(top,exclude,${isGlob ? "glob" : "literal"})${text}`),
    ];
  }
}

interface PathPattern {
  readonly text: string;
  readonly isGlob: boolean;
  matches(path: string): boolean;
}

function patternOf(argument: string): PathPattern {
  const text = argument.replace(/^(?:\.\/+)+/, "").replace(/\/+$/, "");
  if (text === "" || text === ".") return { text: "", isGlob: false, matches: () => true };
  if (text.includes("\0")) throw new InvalidOptionsError("A path cannot have a null character in it");
  if (!/[*?]/.test(text)) {
    return { text, isGlob: false, matches: (path) => path === text || path.startsWith(`${text}/`) };
  }
  const glob = new RegExp(
    `^${text
      .split(/(\*\*\/|\/\*\*$|\*\*|\*|\?)/)
      .map(asRegExp)
      .join("")}$`,
    "su",
  );
  // Git's patterns have sets and escapes; here these characters mean themselves.
  const quoted = text.replace(/[[\]\\]/g, "\\$&");
  return { text: quoted, isGlob: true, matches: (path) => glob.test(path) };
}

const wildcards: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "**/": "(?:[^/]+/)*",
    "/**": "/.+",
    "**": "[^/]*",
    "*": "[^/]*",
    "?": "[^/]",
  }),
);

function asRegExp(part: string): string {
  return (
    wildcards.get(part) ??
    part.replace(/[\\^$.*+?()[\]{}|/-]/g, (character) => (character === "-" ? "-" : `\\${character}`))
  );
}
