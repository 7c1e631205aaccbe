import { describe, expect, it } from "vitest";
import { fileText, OpenSample } from "./open-sample.ts";

const text = (name: string, description: string): string =>
  `---\nname: ${name}\ndescription: ${description}\n---\nbody\n`;

const catalog = {
  "agents/one/twin.md": text("twin", "One"),
  "agents/two/twin.md": text("twin", "Two"),
  "agents/three/other.md": text("twin", "Three"),
  "agents/four/two-twin.md": text("two-twin", "Its file's name is what another is called"),
  "commands/git/release.md": "---\ndescription: The command\n---\nRelease.\n",
  "skills/ship/release/SKILL.md": text("release", "The skill"),
  "skills/one/pdf/SKILL.md": text("documents", "First"),
  "skills/two/paper/SKILL.md": text("documents", "Second"),
  "skills/two/pdf/SKILL.md": text("pdf", "Third"),
  "commands/a/go.md": "Go\n",
  "skills/b/walk/SKILL.md": text("go", "Called like a command"),
};

describe("components of one name", () => {
  it("come in together when they are agents, each by a name of its own, which a warning shows", async () => {
    await using sample = await OpenSample.create(catalog);
    const plan = await sample.plan({ agent: ["one/twin", "two/twin", "three/other", "four/two-twin"] });
    expect(plan.conflicts).toEqual([]);
    expect(plan.expected.agents).toEqual(["twin", "two-twin", "other", "four-two-twin"]);
    expect(fileText(plan, ".claude/agents/four-two-twin.md")).toContain("name: four-two-twin\ndescription: Its file's");
    expect(fileText(plan, ".claude/agents/other.md")).toContain("name: other\ndescription: Three");
    expect(plan.warnings).toContain(
      'agent three/other: It is called "other" inside: agent one/twin has the name "twin"',
    );
  });

  it("come in together when they are a command and a skill: the command has its category", async () => {
    await using sample = await OpenSample.create(catalog);
    const plan = await sample.plan({ command: ["release"], skill: ["release"] });
    expect(plan.expected).toMatchObject({ commands: ["git:release"], skills: ["release"] });
    expect(plan.warnings).toEqual(["command git/release: It is called /git:release inside"]);
    expect(fileText(plan, ".claude/commands/git/release.md")).toContain("The command");
  });

  it("come in together when their front matter has one name for two skills, or for a skill and a command", async () => {
    await using sample = await OpenSample.create(catalog);
    const plan = await sample.plan({ skill: ["one/pdf", "paper", "two/pdf", "walk"], command: ["go"] });
    expect(plan.expected).toMatchObject({ commands: ["go"], skills: ["one-pdf", "paper", "two-pdf", "walk"] });
    expect(fileText(plan, ".claude/skills/paper/SKILL.md")).toContain("name: paper\n");
    expect(fileText(plan, ".claude/skills/walk/SKILL.md")).toContain("name: walk\n");
    expect(fileText(plan, ".claude/skills/one-pdf/SKILL.md")).toBe(catalog["skills/one/pdf/SKILL.md"]);
  });

  it.each([
    ["Twin", "twin"],
    ["caf\u00e9", "cafe\u0301"],
  ])("come in together where only case or the form of a letter sets them apart: %s, %s", async (first, second) => {
    await using sample = await OpenSample.create({
      [`agents/one/${first}.md`]: text(first, "One"),
      [`agents/two/${second}.md`]: text(second, "Two"),
    });
    const plan = await sample.plan({ agent: [`one/${first}`, `two/${second}`] });
    expect(plan.expected.agents).toEqual([first, `two-${second}`]);
    expect(plan.files.map(({ path }) => path.split("/").at(-1))).toEqual([`one-${first}.md`, `two-${second}.md`]);
  });

  it("come in together when a command differs from a skill by case alone", async () => {
    await using sample = await OpenSample.create({
      "commands/git/Release.md": "Release.\n",
      "skills/ship/release/SKILL.md": text("release", "The skill"),
    });
    const plan = await sample.plan({ command: ["Release"], skill: ["release"] });
    expect(plan.expected).toMatchObject({ commands: ["git:Release"], skills: ["release"] });
  });
});
