import type { ComponentVariable } from "../component-content.ts";
import { isSecretName } from "../mcp/placeholder.ts";

/** What a shell, Claude Code or git sets by itself. */
const provided =
  /^(CLAUDE_\w*|HOME|PATH|PWD|OLDPWD|USER|LOGNAME|SHELL|TMPDIR|TEMP|LANG|LC_\w+|HOSTNAME|RANDOM|SECONDS|LINENO|IFS|TERM|COLUMNS|LINES|OSTYPE|EUID|UID|BASH\w*|REPLY|APPDATA|GIT_\w+)$/;

const maxLength = 20_000;
const maxNames = 100;

function setBy(command: string, name: string): boolean {
  return new RegExp(`\\b${name}=|\\b(?:for|read|local|declare) (?:-\\w+ )*${name}\\b`).test(command);
}

/** The variables of the environment that shell commands read and do not set themselves. */
export function commandVariables(commands: readonly string[], neededBy: string): ComponentVariable[] {
  const names = commands.flatMap((command) => {
    const read = [...command.slice(0, maxLength).matchAll(/\$\{?([A-Z][A-Z0-9_]{2,})(?![A-Za-z0-9_])/g)].map(
      (match) => match[1] ?? "",
    );
    return [...new Set(read)].slice(0, maxNames).filter((name) => !setBy(command.slice(0, maxLength), name));
  });
  return [...new Set(names)]
    .filter((name) => !provided.test(name))
    .map((name) => ({ name, neededBy, secret: isSecretName(name) }));
}
