/** Where components come from. */
export interface SourceSpec {
  /** How names refer to it: `team` in `team:testing/generate-tests`. */
  readonly name: string;
  readonly kind: "github" | "git" | "archive" | "directory";
  /** `owner/repository`, a URL, or an absolute path. */
  readonly location: string;
  /** A branch, tag or commit; absent for the default branch. Only of `github` and `git`. */
  readonly ref?: string;
  /** The directory in it that holds the catalog; absent for its root. */
  readonly path?: string;
  /** Reads it as one plugin of this name, whatever it looks like. */
  readonly plugin?: string;
}

/** The catalog of claude-code-templates. */
export const defaultSource: SourceSpec = {
  name: "templates",
  kind: "github",
  location: "davila7/claude-code-templates",
  path: "cli-tool/components",
};
