/** The content of a batch file before it is checked. */
export interface ParsedSource {
  readonly value: unknown;
  /** The line, from 1, of what the path leads to, or of the nearest thing around it that has one. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
  /** What cannot be parsed. */
  readonly problems: readonly { readonly line?: number | undefined; readonly message: string }[];
}
