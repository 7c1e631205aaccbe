import { describe, expect, it } from "vitest";
import { OpenSample } from "./open-sample.ts";

describe("a loop", () => {
  it("comes with the components that it names, from its own catalog", async () => {
    await using sample = await OpenSample.create();
    const plan = await sample.plan({ loop: ["testing/until-green"] });
    expect(plan.components.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "loop testing/until-green",
      "agent security/reviewer",
      "command testing/generate-tests",
    ]);
    expect(plan.files.map(({ path }) => path)).toEqual([
      ".claude/agents/reviewer.md",
      ".claude/commands/generate-tests.md",
      ".claude/loops/until-green.md",
    ]);
    expect(plan.warnings[0]).toBe(
      "loop testing/until-green: Claude Code does not read it by itself: name it in the prompt, as @.claude/loops/until-green.md",
    );
  });

  it("that names what its catalog lacks, or no component, is refused", async () => {
    const loop = (components: string) => `---\nname: x\ndescription: x\ncomponents: ${components}\n---\n`;
    await using sample = await OpenSample.create({
      "loops/a/lacks.md": loop("[agent:a/ghost]"),
      "loops/a/odd.md": loop("[a/ghost]"),
      "agents/a/one.md": "---\nname: one\ndescription: One\n---\n",
    });
    await expect(sample.plan({ loop: ["a/lacks"] })).rejects.toThrow(/no agent called "sample:a\/ghost"/);
    await expect(sample.plan({ loop: ["a/odd"] })).rejects.toThrow(/names "a\/ghost", which is no kind and name/);
  });
});
