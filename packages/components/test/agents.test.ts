import { describe, expect, it } from "vitest";
import { fileText, OpenSample } from "./open-sample.ts";

const agent = (lines: string): string => `---\nname: one\ndescription: d\n${lines}\n---\nYou.\n`;

async function plan(text: string, more: Readonly<Record<string, string>> = {}) {
  await using sample = await OpenSample.create({ "agents/a/one.md": text, ...more });
  const mcp = Object.keys(more).map((path) => path.replace(/^mcps\/|\.json$/g, ""));
  return await sample.plan({ agent: ["one"], mcp });
}

describe("the tools of an agent", () => {
  it.each([
    ["tools: ['codebase', 'editFiles']", "tools: Grep, Glob, Edit, Write"],
    ["tools: [search, edit, runCommands, shell, fetch, read]", "tools: Grep, Glob, Edit, Write, Bash, WebFetch, Read"],
    ["tools: read", "tools: Read"],
    ["tools: edit/editFiles, execute/runInTerminal", "tools: Edit, Write, Bash"],
    ["tools: run_in_terminal read_file", "tools: Bash, Read"],
    ["tools: MultiEdit", "tools: Edit"],
    ["tools: All tools", 'tools: "*, tools"'],
    ["tools:\n  read: true\n  bash: true\n  write: false", "tools: Read, Bash"],
  ])("become those of Claude Code: %j", async (original, written) => {
    const { files, warnings } = await plan(agent(original));
    expect(Buffer.from(files[0]?.bytes ?? []).toString()).toBe(agent(written));
    expect(warnings.join("\n")).toMatch(/Its tool \S+ becomes /);
  });

  it.each([
    "tools: Read, codebase-of-ours",
    "tools: Bash(npm run *), Read",
    "tools: Read Grep",
    'tools: "*"',
    "color: red",
  ])("stay as they are where Claude Code has one of them: %j", async (original) => {
    const { files } = await plan(agent(original));
    expect(Buffer.from(files[0]?.bytes ?? []).toString()).toBe(agent(original));
  });

  it.each([
    "tools: problems, todos",
    "tools: TodoWrite",
    "tools: Read\ndisallowedTools: Read",
    "tools: true",
    "tools: 5",
    "tools:\n  read: false",
  ])("that come to none refuse it: %j", async (original) => {
    await expect(plan(agent(original))).rejects.toThrow(
      /agent a\/one cannot be installed: it (has no tool|names|turns)/,
    );
  });

  it.each([
    ["base: &b [Read, Grep]\ntools: *b", ["Read", "Grep"]],
    ["x: &r Read\ntools:\n  - *r\n  - Grep", ["Read", "Grep"]],
    ["base: &b\n  tools: [Read]\n<<: *b", ["Read"]],
    ["tools:\n  - *", ["*"]],
    ["tools:\n* Read\n* Grep", ["Read", "Grep"]],
    ['tools: "Read", "Grep"', ["Read", "Grep"]],
    ["tools: `Read`, `Grep`", ["Read", "Grep"]],
    ["tools: \u201cRead\u201d\uff0c \u201cGrep\u201d", ["Read", "Grep"]],
    ["tools: Re\u200bad; Grep", ["Read", "Grep"]],
    ["tools: [[Read, Grep], [Bash]]", ["Read", "Grep", "Bash"]],
    ["tools:\n  - name: Read\n  - name: Grep", ["Read", "Grep"]],
    ["tools: [\nRead,\nGrep\n]", ["Read", "Grep"]],
    ['tools: ["Read", "Grep"]\nx: a: b\n- x', ["Read", "Grep"]],
  ])("are written as a plain list where only an author would read them: %j", async (original, tools) => {
    for (const text of [agent(original), agent(original).replaceAll("\n", "\r\n"), `\ufeff${agent(original)}`]) {
      const first = await plan(text);
      expect(first.components[0]?.tools).toEqual(tools);
      const again = await plan(Buffer.from(first.files[0]?.bytes ?? []).toString());
      expect(again.components[0]?.tools).toEqual(tools);
      expect(again.warnings).toEqual([]);
    }
  });

  it.each(["x: &a [Read, *a]\ntools: *a", "tools: *missing", "tools: constructor", "tools:\n  - 5: Read"])(
    "that no reader can make out refuse it with a reason: %j",
    async (original) => {
      await expect(plan(agent(original))).rejects.toThrow(
        /cannot be installed: it (has no tool that|names its tools by)/,
      );
    },
  );

  it.each(["before --- after", "|\n  before\n  ---\n  after", '"before --- after"'])(
    "stay its tools where the description before them holds a rule: %j",
    async (description) => {
      const read = await plan(`---\nname: one\ndescription: ${description}\ntools: Read\n---\nYou.\n`);
      expect(read.components[0]?.tools).toEqual(["Read"]);
      expect(read.components[0]?.description).toMatch(/^before\s\u2014\safter/);
      expect(Buffer.from(read.files[0]?.bytes ?? []).toString()).toMatch(/\n---\nYou\.\n$/);
    },
  );

  it("that are all of MCP servers need one of these servers", async () => {
    const original = agent("tools: mcp__git_hub__search, mcp__git_hub__get");
    await expect(plan(original)).rejects.toThrow(/all its tools are of MCP servers that are not there: git_hub$/);
    const server = { mcpServers: { "git hub": { command: "serve" } } };
    expect((await plan(original, { "mcps/a/hub.json": JSON.stringify(server) })).expected.agents).toEqual(["one"]);
  });

  it("that are named as none let it answer, with a warning", async () => {
    expect((await plan(agent("tools: []"))).warnings).toEqual(["agent a/one: It names no tool, so it can only answer"]);
  });
});

describe("a front matter that is no YAML", () => {
  const broken = [
    "---",
    "name: one",
    "description: Use it when: things go wrong",
    "Examples:",
    "user: hello",
    "model of thought: none",
    "- a list",
    'tools: ["Read", "Grep"]',
    "hooks:",
    "  Stop:",
    "    - hooks: [{ type: command, command: date }]",
    "name: in an example",
    "---",
    "You.",
    "",
  ].join("\n");

  it("keeps every line of its description, its lists and its tables", async () => {
    const { files, components } = await plan(broken);
    expect(components[0]?.tools).toEqual(["Read", "Grep"]);
    expect(components[0]?.description).toBe(
      "Use it when: things go wrong Examples: user: hello model of thought: none - a list",
    );
    const text = Buffer.from(files[0]?.bytes ?? []).toString();
    expect(text).toContain("tools:\n  - Read\n  - Grep\n");
    expect(text).toContain("command: date");
    expect(text).toMatch(/^---\nname: one\n/);
  });

  it("keeps a list in lines, a quoted text and a folded one", async () => {
    await using sample = await OpenSample.create({
      "agents/a/one.md":
        '---\nname: "one"\ntools:\n  - Read\n  - Grep\ndescription: >\n  Folded text\n  on two: lines\nuser: hi: there: you\n- x\n---\nYou.\n',
    });
    const read = await sample.plan({ agent: ["one"] });
    expect(read.expected.agents).toEqual(["one"]);
    expect(read.components[0]?.tools).toEqual(["Read", "Grep"]);
    expect(fileText(read, ".claude/agents/one.md")).toContain("Folded text on two: lines user: hi: there: you - x");
  });
});
