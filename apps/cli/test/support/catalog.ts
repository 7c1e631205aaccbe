import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** An MCP server over standard input and output, as small as one can be. */
const greeter = `
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  const answers = {
    initialize: { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "t", version: "1" } },
    "tools/list": { tools: [{ name: "greet", description: "greets", inputSchema: { type: "object" } }] },
    "tools/call": { content: [{ type: "text", text: "a greeting of the server" }] },
  };
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: "2.0", id, result: answers[method] ?? {} }));
}`;

const notesKey =
  'await import("node:fs").then((fs) => fs.writeFileSync("keyed.txt", String(process.env.KEYED_TOKEN)));';

const json = (value: unknown) => JSON.stringify(value, undefined, 2);

function server(name: string, script: string, env: Readonly<Record<string, string>> = {}): string {
  return json({
    mcpServers: { [name]: { command: "node", args: ["--input-type=module", "-e", script], env } },
  });
}

/** What a small catalog holds, laid out as claude-code-templates is. */
export const catalogFiles: Readonly<Record<string, string>> = {
  "agents/dev/reviewer.md": "---\nname: reviewer\ndescription: Reviews code\ntools: Read\n---\nYou review.\n",
  "agents/qa/reviewer.md": "---\nname: qa-reviewer\ndescription: Reviews tests\n---\nYou review tests.\n",
  "commands/git/pull-request.md": "---\ndescription: Opens one\n---\nOpen one.\n",
  "mcps/tools/greeter.json": server("greeter", greeter),
  "mcps/tools/keyed.json": server("keyed", `${notesKey}${greeter}`, { KEYED_TOKEN: "<YOUR_TOKEN>" }),
  "mcps/tools/broken.json": server("broken", "console.error('there is no LICENSE here'); process.exit(3)"),
  "settings/env/quiet.json": json({ description: "Less", env: { QUIET_LEVEL: "2" } }),
  "hooks/audit/note.json": json({
    description: "Notes each command",
    hooks: {
      PostToolUse: [
        { matcher: "Bash", hooks: [{ type: "command", command: 'bash "$CLAUDE_PROJECT_DIR"/.claude/hooks/note.sh' }] },
      ],
    },
  }),
  "hooks/audit/note.sh": '#!/bin/bash\necho "level $QUIET_LEVEL" >> "$CLAUDE_PROJECT_DIR/noted.txt"\n',
  "skills/docs/house-style/SKILL.md":
    "---\nname: house-style\ndescription: How this house writes\n---\nWrite as a lighthouse keeper would.\n",
  "skills/docs/house-style/scripts/check.sh": "#!/bin/sh\nexit 0\n",
};

/** Writes the catalog into a directory; `.sh` files are executable. */
export function writeCatalog(directory: string, files: Readonly<Record<string, string>> = catalogFiles): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    if (name.endsWith(".sh")) chmodSync(path, 0o755);
  }
}
