import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { setStage } from "./support/stage.ts";

describe("glovebox components check --prove", () => {
  it("lets Claude Code list what works, asks no model, and ends with 1 for a program that is not there", async () => {
    await using stage = await setStage({ turns: [] });
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(stage.directory, "catalog", path)), { recursive: true });
      writeFileSync(join(stage.directory, "catalog", path), text);
    };
    for (const category of ["a", "b"]) write(`agents/${category}/one.md`, "---\nname: one\ndescription: One\n---\n");
    write("commands/a/cut.md", "---\ndescription: The command\n---\nCut.\n");
    write("skills/a/cut/SKILL.md", "---\nname: cut\ndescription: The skill\n---\nCut.\n");
    const good = await stage.glovebox(["components", "check", "./catalog", "--prove"]).done;
    expect(good.code, good.stderr).toBe(0);
    expect(good.stdout).toContain("Loaded by the harness in a sandbox: agent 2, command 1, skill 1\n");
    const hook = { hooks: { Stop: [{ hooks: [{ type: "command", command: "no-such-judge" }] }] } };
    write("hooks/a/judge.json", JSON.stringify(hook));
    const bad = await stage.glovebox(["components", "check", "./catalog", "--prove", "--json"]).done;
    expect(bad.code, bad.stderr).toBe(1);
    expect(bad.events.at(-1)).toEqual({
      proven: { agent: 2, command: 1, skill: 1 },
      failures: ["A program is missing in the sandbox: no-such-judge for hook judge"],
    });
    expect(stage.model.requests).toEqual([]);
    expect(await stage.containers()).toEqual([]);
  });
});
