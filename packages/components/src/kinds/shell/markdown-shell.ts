import { isJsonObject } from "../text/read-json-object.ts";

export interface MarkdownShell {
  /** Every command that runs. */
  readonly commands: readonly string[];
  readonly warnings: readonly string[];
}

const mostShown = 3;

/**
 * What an agent, a command or a skill runs by itself: shell that Claude Code puts in when it reads the text (`` !`…` `` and
 * blocks that begin with ```` ```! ````), and hooks of its front matter.
 */
export function markdownShell(text: string, values: Readonly<Record<string, unknown>>): MarkdownShell {
  const inline = [...text.matchAll(/!`([^`\n]+)`/g)].map((match) => match[1] ?? "");
  const blocks = [...text.matchAll(/^```!\s*\n([\s\S]*?)^```/gm)].map((match) => (match[1] ?? "").trim());
  const shell = [...inline, ...blocks].filter(Boolean);
  const hooks = commandsIn(values.hooks);
  return {
    commands: [...shell, ...hooks],
    warnings: [
      ...(shell.length === 0 ? [] : [`It runs shell commands when it is called: ${shown(shell)}`]),
      ...(hooks.length === 0 ? [] : [`It brings hooks of its own, which run shell commands: ${shown(hooks)}`]),
    ],
  };
}

function commandsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(commandsIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === "command" && typeof item === "string" ? [item] : commandsIn(item),
  );
}

function shown(commands: readonly string[]): string {
  const more = commands.length > mostShown ? ` and ${commands.length - mostShown} more` : "";
  return commands.slice(0, mostShown).join("; ").replace(/\s+/g, " ") + more;
}
