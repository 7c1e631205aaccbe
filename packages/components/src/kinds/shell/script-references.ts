export interface ScriptReference {
  /** Relative to the workspace. */
  readonly path: string;
  /** Whether the command looks first whether it is there. */
  readonly guarded: boolean;
}

const reference =
  /(?:~|\$HOME|\$\{HOME\}|"?\$CLAUDE_PROJECT_DIR"?|"?\$\{CLAUDE_PROJECT_DIR\}"?|\.)?\/?(\.claude\/[\w.-]+(?:\/[\w.-]+)*\.(?:sh|bash|zsh|py|js|mjs|cjs|ts|rb|pl))\b/g;

const maxLength = 50_000;

/** The scripts below `.claude` that a shell command speaks of, whichever way it names that directory. */
export function scriptReferences(command: string): ScriptReference[] {
  const guarded = /(\[\[? |\btest )-[efrxs]|\|\| *(true|exit 0|:)|2>\/dev\/null/.test(command);
  const paths = [...command.slice(0, maxLength).matchAll(reference)].flatMap((match) => match[1] ?? []);
  return [...new Set(paths)].filter((path) => !path.includes("..")).map((path) => ({ path, guarded }));
}
