import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { setStage } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

const smallAgent = fileURLToPath(new URL("../../../examples/third-party-harness", import.meta.url));

describe("a harness that is somebody else's, by its path", () => {
  it("does the main job", { timeout: 600_000 }, async () => {
    await using stage = await setStage({
      turns: [
        write("index.ts", "const greeting: string = 'hello';\nconsole.log(greeting);\n"),
        bash("tsc --version && tsc index.ts && node index.js && cat missing"),
        bash("echo key=$ANTHROPIC_API_KEY"),
        say("The page is there."),
      ],
    });
    const { code, stdout, stderr, events } = await stage.glovebox(
      ["run", "Build a page", "--harness", smallAgent, "--output", "out", "--json"],
      { env: { GLOVEBOX_DEBUG: "1" } },
    ).done;
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stage.file("out/index.js")).toContain("hello");
    expect(stage.result()).toMatchObject({ harnessId: "small-agent", outcome: "succeeded" });
    const ends = events.filter(({ type }) => type === "tool.end");
    expect(ends).toMatchObject([
      { status: "ok" },
      { status: "error", output: expect.stringContaining("hello\n") },
      { status: "ok", output: "key=glovebox-placeholder\n" },
    ]);
    expect(events.filter(({ type }) => type === "harness.result")).toMatchObject([{ ok: true, turns: 4 }]);
    expect(stdout).not.toContain(stage.key);
    expect(stage.model.requests.every(({ kind }) => kind === "turn")).toBe(true);
    expect(await stage.containers()).toEqual([]);
  });

  it("gets its settings by its name, and the limits of the run", { timeout: 600_000 }, async () => {
    await using stage = await setStage({ turns: [bash("true"), bash("true"), bash("true")] });
    mkdirSync(stage.home, { recursive: true });
    const config = { harness: smallAgent, harnesses: { [smallAgent]: { model: "small-model" } } };
    writeFileSync(join(stage.home, "config.json"), JSON.stringify(config));
    const { code, stderr } = await stage.glovebox(["run", "Work", "--max-turns", "2", "--output", "out"]).done;
    expect(code).toBe(1);
    expect(stderr).toContain("No end after 2 turns");
    expect(stage.model.requests).toHaveLength(2);
    expect(stage.events().find(({ type }) => type === "harness.session")).toMatchObject({ model: "small-model" });
  });

  it("refuses what it does not know, before anything starts", async () => {
    await using stage = await setStage({ turns: [] });
    for (const args of [
      ["--allowed-tools", "Read"],
      ["--max-budget-usd", "1"],
      ["--", "--flag"],
    ]) {
      const { code, stderr } = await stage.glovebox(["run", "--prompt", "x", "--harness", smallAgent, ...args]).done;
      expect(code).toBe(2);
      expect(stderr).toContain("The small agent knows no");
    }
    expect(await stage.containers()).toEqual([]);
  });

  it("says which credential it needs", async () => {
    await using stage = await setStage({ turns: [] });
    const env = { ANTHROPIC_API_KEY: undefined, ANTHROPIC_BASE_URL: undefined };
    const { code, stderr } = await stage.glovebox(["run", "x", "--harness", smallAgent], { env }).done;
    expect(code).toBe(3);
    expect(stderr).toContain("or set ANTHROPIC_API_KEY.");
  });
});
