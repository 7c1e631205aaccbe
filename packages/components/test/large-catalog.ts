import type { DirectoryFiles } from "./catalog-directory.ts";

/** How many of each kind the default catalog holds. */
export const largeCounts = { agent: 423, command: 346, mcp: 100, setting: 71, hook: 63, skill: 896, loop: 18 } as const;

const directories = [
  "development-team",
  "git-workflow",
  "security",
  "data-ai",
  "devops",
  "performance-testing",
  "utilities",
];

/**
 * A catalog as large as the default one and laid out as it is, with what lies beside its directories: a
 * `marketplace.json` that lists agents, not plugins, documents, a file in capitals, names that several categories
 * share.
 */
export function largeCatalog(): DirectoryFiles {
  const files: Record<string, string> = {
    ".claude-plugin/marketplace.json": JSON.stringify({
      agents: [{ name: "frontend", version: "1.0.0", author: { name: "x" }, category: "development", license: "MIT" }],
    }),
    "agents/README.md": "# Agents\n",
    "hooks/HOOK_PATTERNS_COMPRESSED.json": JSON.stringify({ patterns: [] }),
  };
  const each = (count: number, write: (name: string, index: number) => void): void => {
    for (let index = 0; index < count; index += 1)
      write(
        `${directories[index % directories.length]}/${word(Math.floor(index / 3))}-${index % 3 === 0 ? "expert" : index}`,
        index,
      );
  };
  each(largeCounts.agent, (name, index) => {
    files[`agents/${name}.md`] = agentText(name, index);
  });
  each(largeCounts.command, (name) => {
    files[`commands/${name}.md`] = `---\ndescription: Runs ${name}\n---\nDo it for $ARGUMENTS.\n`;
  });
  each(largeCounts.mcp, (name, index) => {
    const server = { command: "npx", args: ["-y", `mcp-${index}`], env: { KEY: "<YOUR_API_KEY>" } };
    files[`mcps/${name}.json`] = JSON.stringify({ mcpServers: { [`server-${index}`]: server } });
  });
  each(largeCounts.setting, (name, index) => {
    files[`settings/${name}.json`] = JSON.stringify({ description: name, env: { [`MODE_${index}`]: "1" } });
  });
  each(largeCounts.hook, (name) => {
    files[`hooks/${name}.json`] = JSON.stringify({
      description: name,
      hooks: { PostToolUse: [{ matcher: "Edit", hooks: [{ type: "command", command: `echo ${name}` }] }] },
    });
  });
  each(largeCounts.skill, (name, index) => {
    const main = index === 7 ? "SKILL.MD" : "SKILL.md";
    files[`skills/${name}/${main}`] =
      `---\nname: ${word(index)}\ndescription: Knows ${name}\n---\nRead references/a.md\n`;
    files[`skills/${name}/references/a.md`] = "# A\n";
  });
  each(largeCounts.loop, (name) => {
    files[`loops/${name}.md`] = `---\nname: ${name}\ndescription: Repeats\ninterval: 20m\ncomponents: []\n---\nLoop.\n`;
  });
  return files;
}

function agentText(name: string, index: number): string {
  const own = name.slice(name.indexOf("/") + 1);
  const tools = ["Read, Write, Bash", "['codebase', 'editFiles']", "Read, search"][index % 3];
  return `---\nname: ${own}\ndescription: Use this agent for ${own}. Examples: <example>user: "hi"</example>\ntools: ${tools}\n---\nYou are ${own}.\n`;
}

function word(index: number): string {
  const first = ["react", "python", "graph", "cloud", "test", "type", "stream", "query", "secure", "mobile"];
  const second = ["builder", "reviewer", "tuner", "planner", "writer", "auditor", "mapper", "guide"];
  return `${first[index % 10]}-${second[Math.floor(index / 10) % 8]}${index >= 80 ? `-${Math.floor(index / 80)}` : ""}`;
}
