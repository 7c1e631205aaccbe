/** Keys of Claude Code's agents, commands and skills, and those that catalogs write beside them. */
const knownKeys: ReadonlySet<string> = new Set(
  (
    "name description tools disallowedTools model color permissionMode mcpServers hooks maxTurns skills memory effort " +
    "background isolation initialPrompt allowed-tools argument-hint arguments disable-model-invocation user-invocable " +
    "when_to_use context agent paths shell version license compatibility metadata author category tags keywords " +
    "interval stop-condition components"
  ).split(" "),
);

export interface FrontMatterPart {
  readonly key: string;
  /** With the key's own line. */
  readonly lines: readonly string[];
}

/**
 * Cuts a front matter that is not YAML where a known key begins a line for the first time. Every other line belongs to the
 * key before it: `user: hello` in a description's example is no key.
 */
export function splitFrontMatter(text: string): FrontMatterPart[] {
  const parts = new Map<string, string[]>();
  let last: string[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    const key = /^([a-zA-Z][\w-]*):(?:\s|$)/.exec(line)?.[1];
    if (key !== undefined && knownKeys.has(key) && !parts.has(key)) {
      last = [line];
      parts.set(key, last);
    } else last?.push(line);
  }
  return [...parts].map(([key, lines]) => ({ key, lines }));
}
