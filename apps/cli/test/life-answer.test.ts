import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Script } from "@glovebox/scripted-model";
import { describe, expect, it } from "vitest";
import { type Stage, setStage } from "./support/stage.ts";
import { say, write } from "./support/turns.ts";

const schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: { title: { type: "string" }, score: { type: "integer", minimum: 0 } },
  required: ["title", "score"],
  additionalProperties: false,
};

const answer = (input: Record<string, unknown>) => ({ tools: [{ name: "StructuredOutput", input }] });

async function setSchemaStage(turns: Script["turns"]): Promise<Stage> {
  const stage = await setStage({ turns });
  writeFileSync(join(stage.directory, "schema.json"), JSON.stringify(schema));
  return stage;
}

describe("a run whose answer has a schema", () => {
  it("gives the answer in its event, in its result, and as the last line of stdout", async () => {
    const hidden = "a \u001b[2J\u202etitle";
    await using stage = await setSchemaStage([
      write("report.md", "All is well.\n"),
      answer({ title: hidden, score: "high" }),
      answer({ title: hidden, score: 7 }),
      say("never asked for"),
    ]);
    const args = ["run", "Judge it", "--json-schema", "schema.json", "--output", "out"];
    const { code, stdout, stderr } = await stage.glovebox(args).done;
    expect(code, stderr).toBe(0);
    const last = stdout.trimEnd().split("\n").at(-1) ?? "";
    expect(last).toBe('{"title":"a \\u001b[2J\\u202etitle","score":7}');
    const structuredOutput = { title: hidden, score: 7 };
    expect(stage.result()).toMatchObject({ outcome: "succeeded", exitCode: 0, structuredOutput });
    expect(stage.events()).toContainEqual(expect.objectContaining({ type: "harness.result", structuredOutput }));
    expect(stage.file("out/report.md")).toBe("All is well.\n");
    const replay = await stage.glovebox(["logs"]).done;
    expect(replay.stdout.trimEnd().split("\n").at(-1)).toBe(last);
  });

  it("fails when the agent gives none, and still brings the files back", async () => {
    await using stage = await setSchemaStage([write("report.md", "All is well.\n"), say("Done."), say("Really.")]);
    const args = ["run", "Judge it", "--json-schema", "schema.json", "--output", "out", "--json"];
    const { code, stderr, events } = await stage.glovebox(args).done;
    expect(code, stderr).toBe(1);
    expect(events.at(-1)).toMatchObject({
      type: "run.end",
      outcome: "failed",
      reason: "The harness gave no structured answer, although one was asked for",
    });
    expect(stage.result()).not.toHaveProperty("structuredOutput");
    expect(stage.file("out/report.md")).toBe("All is well.\n");
  });
});
