import { describe, expect, it } from "vitest";
import { fileText, OpenSample } from "./open-sample.ts";

const hooks =
  "hooks:\n  PreToolUse:\n    - matcher: Bash\n      hooks:\n        - type: command\n          command: echo hooked\n";
const text = `---\nname: one\ndescription: One\n${hooks}---\nNow !\`date +%s\`\n\n\`\`\`!\nuname -a\nid\n\`\`\`\n`;

describe("what a component of Markdown runs by itself", () => {
  it.each(["command", "skill"] as const)("is named for a %s: inline shell, shell blocks and hooks", async (kind) => {
    await using sample = await OpenSample.create({ "commands/a/one.md": text, "skills/a/one/SKILL.md": text });
    const plan = await sample.plan({ [kind]: ["a/one"] });
    expect(plan.components[0]?.commands).toEqual(["date +%s", "uname -a\nid", "echo hooked"]);
    expect(plan.warnings).toEqual([
      `${kind} a/one: It runs shell commands when it is called: date +%s; uname -a id`,
      `${kind} a/one: It brings hooks of its own, which run shell commands: echo hooked`,
    ]);
  });

  it("is named for an agent: its hooks", async () => {
    await using sample = await OpenSample.create({ "agents/a/one.md": text });
    expect((await sample.plan({ agent: ["one"] })).components[0]?.commands).toEqual(["echo hooked"]);
  });
});

describe("the hooks in a front matter", () => {
  const places = {
    agent: ["agents/a/one.md", ".claude/agents/one.md"],
    command: ["commands/a/one.md", ".claude/commands/one.md"],
    skill: ["skills/a/one/SKILL.md", ".claude/skills/one/SKILL.md"],
  } as const;
  const kinds = ["agent", "command", "skill"] as const;
  const withHook = (command: string): string =>
    `---\nname: one\ndescription: One\nhooks:\n  Stop:\n    - hooks:\n        - type: command\n          command: ${JSON.stringify(command)}\n---\nYou.\n`;

  async function planHook(kind: (typeof kinds)[number], command: string, more: Readonly<Record<string, string>> = {}) {
    await using sample = await OpenSample.create({ [places[kind][0]]: withHook(command), ...more });
    const plan = await sample.plan({ [kind]: ["one"] });
    return { plan, text: fileText(plan, places[kind][1]) };
  }

  it.each(kinds)(
    "are run by bash where they are written for it, and their programs are looked for: %s",
    async (kind) => {
      const { plan, text } = await planHook(kind, "[[ -n x ]] && jq .");
      expect(text).toContain("command: bash -c '[[ -n x ]] && jq .'\n");
      expect(text).toMatch(/\n---\nYou\.\n$/);
      expect(plan.components[0]?.programs.map(({ name, optional }) => [name, optional])).toEqual([
        ["bash", false],
        ["jq", false],
      ]);
    },
  );

  it.each(kinds)("are refused where no shell can read them: %s", async (kind) => {
    await expect(planHook(kind, "if true; then")).rejects.toThrow(/it has a hook that no shell can read/);
  });

  it.each(kinds)("are refused where their script is nowhere: %s", async (kind) => {
    await expect(planHook(kind, "python3 .claude/hooks/no.py")).rejects.toThrow(
      /it runs \.claude\/hooks\/no\.py, which/,
    );
  });

  it.each(kinds)("stay byte for byte where any shell runs them: %s", async (kind) => {
    expect((await planHook(kind, "date +%s")).text).toBe(withHook("date +%s"));
  });

  it("of a skill find its own scripts from any directory", async () => {
    const script = { "skills/a/one/look.sh": "#!/bin/sh\nrg x\n" };
    const { plan, text } = await planHook("skill", "sh .claude/skills/one/look.sh", script);
    expect(text).toContain('command: sh "$CLAUDE_PROJECT_DIR"/.claude/skills/one/look.sh\n');
    expect(plan.components[0]?.programs.map(({ name }) => name)).toEqual(["sh", "rg"]);
  });

  it("that Claude Code cannot read are named", async () => {
    await using sample = await OpenSample.create({
      "agents/a/one.md": "---\nname: one\ndescription: d\nhooks: [date]\n---\nYou.\n",
    });
    expect((await sample.plan({ agent: ["one"] })).warnings).toEqual([
      "agent a/one: Its front matter has hooks that are no table of events: its hooks do not run",
    ]);
  });

  it("of a part of a plugin find the plugin's files from any directory", async () => {
    const root = "$" + "{CLAUDE_PLUGIN_ROOT}";
    await using sample = await OpenSample.create({
      ".claude-plugin/marketplace.json": JSON.stringify({ name: "m", plugins: [{ name: "tools", source: "./tools" }] }),
      "tools/agents/one.md": withHook(`sh ${root}/look.sh`).replace("You.", `See ${root}/look.sh.`),
      "tools/look.sh": "#!/bin/sh\ndate\n",
    });
    const text = fileText(await sample.plan({ agent: ["one"] }), ".claude/agents/one.md");
    expect(text).toContain("$CLAUDE_PROJECT_DIR/.claude/plugins/tools/look.sh");
    expect(text).toContain("See ./.claude/plugins/tools/look.sh.");
  });

  it.each(kinds)("are refused, not changed, where Claude Code would end the front matter in them: %s", async (kind) => {
    await expect(planHook(kind, "echo --- a")).rejects.toThrow(/has a front matter that cannot be written/);
  });
});
