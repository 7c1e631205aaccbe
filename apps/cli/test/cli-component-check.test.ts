import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { setStage } from "./support/stage.ts";

describe("glovebox components check", () => {
  it("counts what works and what does not, says why, and ends with 1 where something does not", async () => {
    await using stage = await setStage({ turns: [] });
    const directory = join(stage.directory, "catalog/agents/team");
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "good.md"), "---\nname: good\ndescription: Good\n---\n");
    const good = await stage.glovebox(["components", "check", "./catalog"]).done;
    expect(good.code, good.stderr).toBe(0);
    expect(good.stdout).toMatch(/^agent +1 +1 +0 +0 +0 *$/m);
    writeFileSync(join(directory, "bad.md"), "---\nname: bad\ndescription: Bad\ntools: ['pro\u001b[31mblems']\n---\n");
    const bad = await stage.glovebox(["components", "check", "./catalog"]).done;
    expect(bad.code).toBe(1);
    expect(bad.stdout).toMatch(/^agent +2 +1 +0 +1 +0 *$/m);
    expect(bad.stdout).toMatch(/agent team\/bad: it has no tool that Claude Code has/);
    expect(bad.stdout).not.toContain("\u001b[31mblems");
    writeFileSync(join(directory, "bad.md"), "---\nname: bad\ndescription: Bad\ntools: codebase, Read\n---\n");
    const verbose = await stage.glovebox(["components", "check", "./catalog", "--verbose"]).done;
    expect(verbose.stderr).toMatch(/^source catalog: \S*catalog at sha256:[0-9a-f]{64}, 2 components$/m);
    expect(verbose.stdout).toMatch(/^ {2}agent team\/bad: Its tool codebase becomes Grep and Glob$/m);
    const shown = ["components", "show", "catalog:good", "--components-source", "./catalog", "--verbose"];
    expect((await stage.glovebox(shown).done).stdout).toMatch(/sha256 +[0-9a-f]{64}$/m);
    writeFileSync(join(directory, "bad.md"), "---\nname: bad\ndescription: Bad\ntools: problems\n---\n");
    const json = await stage.glovebox(["components", "check", "./catalog", "--json"]).done;
    expect(json.events.map((event) => (event as unknown as { state: string }).state)).toEqual(["refused", "works"]);
  });
});
