import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunEvent, type RunSpec, run } from "@glovebox/core";
import { Secret } from "@glovebox/core/provider";
import { createGemini } from "@glovebox/harness-gemini";
import { createDockerProvider } from "@glovebox/provider-docker";
import { createScriptedModel } from "@glovebox/scripted-model";
import { afterAll, expect, it } from "vitest";

const directory = mkdtempSync(join(tmpdir(), "glovebox-gemini-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const key = "the-real-key-0123456789";
const tool = { name: "run_shell_command", input: { command: "echo made > made.txt; env", description: "a step" } };

it("Gemini CLI works in a sealed sandbox, is metered, and is continued", { timeout: 600_000 }, async () => {
  const model = createScriptedModel({
    script: { turns: [{ text: "Here it comes.", tools: [tool] }, { text: "Done." }, { text: "Continued." }] },
    expectKey: key,
  });
  const { url, close } = await model.listen();
  const home = join(directory, "home");
  const start = async (outputDirectory: string, more: Partial<RunSpec> = {}) => {
    const running = run({
      provider: createDockerProvider(),
      harness: createGemini(),
      task: { prompt: "Make a file", model: "gemini-2.5-pro" },
      credential: { variable: "GEMINI_API_KEY", secret: new Secret("GEMINI_API_KEY", key), upstream: url },
      outputDirectory: join(directory, outputDirectory),
      home,
      ...more,
    });
    const events: RunEvent[] = [];
    for await (const event of running) events.push(event);
    return { events, result: await running.result };
  };
  try {
    const first = await start("first");
    expect(first.result).toMatchObject({ outcome: "succeeded", exitCode: 0, message: "Done." });
    expect(readFileSync(join(directory, "first/made.txt"), "utf8")).toBe("made\n");
    expect(JSON.stringify(first)).not.toContain(key);
    const metered = first.events.filter((event) => event.type === "usage" && event.source === "gateway");
    expect(metered.length).toBe(2);
    expect(first.events.filter((event) => event.type === "network.refused")).toEqual([]);
    const second = await start("second", { continues: first.result.runId });
    expect(second.result).toMatchObject({ outcome: "succeeded", message: "Continued." });
  } finally {
    await close();
  }
});
