import { readFileSync } from "node:fs";
import { type HarnessEvent, type HarnessLine, harnessEventSchema } from "@glovebox/core/harness";
import { describe, expect, it } from "vitest";
import { geminiOutcome } from "../gemini-outcome.ts";
import { parseStream } from "./parse-stream.ts";

async function parse(lines: readonly string[], stream: HarnessLine["stream"] = "stdout"): Promise<HarnessEvent[]> {
  const source = (async function* () {
    for (const line of lines) yield { stream, line };
  })();
  const events: HarnessEvent[] = [];
  for await (const event of parseStream(source)) events.push(harnessEventSchema.parse(event));
  return events;
}

/** Recorded from the pinned version. */
function transcript(name: string): Promise<HarnessEvent[]> {
  const url = new URL(`../../test/transcripts/${name}.ndjson`, import.meta.url);
  return parse(readFileSync(url, "utf8").split("\n"));
}

const result = JSON.stringify({ type: "result", status: "success", stats: { models: {} } });

describe("recorded output", () => {
  it("becomes a session, a tool call, a text of deltas, the usage of each model, and the result", async () => {
    const events = await transcript("tool");
    expect(events.map(({ type }) => type)).toEqual([
      ...["harness.session", "tool.start", "tool.end", "text.delta", "text.delta", "message.end", "usage"],
      "harness.result",
    ]);
    expect(events[0]).toMatchObject({ model: "gemini-2.5-pro" });
    expect(events[1]).toMatchObject({ name: "run_shell_command", input: { description: "make a file" } });
    expect(events[2]).toMatchObject({ status: "ok", output: "made-by-agent" });
    expect(events[6]).toMatchObject({ model: "gemini-2.5-pro", input: 200, output: 20, cacheRead: 0 });
    expect(events.at(-1)).toMatchObject({ ok: true, reason: "done", message: "All done.", turns: 2 });
  });

  it.each([
    ["unauthorized", 145, "scripted trouble", "Check the API key"],
    ["rate-limited", 173, expect.stringContaining("scripted trouble"), "rate limit"],
    ["failing", 244, "scripted trouble", "The API failed"],
    ["refused", 147, "Glovebox refused the request: the run's budget of $1.00 is spent", undefined],
    ["stream-cut", 1, "terminated", undefined],
  ])("%s fails with exit code %i and a hint", async (name, exitCode, message, hint) => {
    const found = (await transcript(name)).find((event) => event.type === "harness.result");
    expect(found).toMatchObject({ ok: false, reason: "api-error", message });
    const outcome = geminiOutcome(found, { exitCode, reason: "exited" }, "");
    expect(outcome.warning).toBeUndefined();
    expect(outcome.hint ?? "").toContain(hint ?? "");
    expect(outcome.hint === undefined).toBe(hint === undefined);
  });

  it("reports the limit of turns, and that it can be raised", async () => {
    const found = (await transcript("max-turns")).find((event) => event.type === "harness.result");
    const outcome = geminiOutcome(found, { exitCode: 53, reason: "exited" }, "");
    expect(outcome).toMatchObject({ ok: false, reason: "max-turns", remedy: { raise: "maxTurns" } });
  });
});

describe("the outcome", () => {
  it("is no success without a result, whatever the exit code", () => {
    expect(geminiOutcome(undefined, { exitCode: 0, reason: "exited" }, "words")).toMatchObject({
      ok: false,
      reason: "no-result",
      message: "Gemini CLI ended with exit code 0 and without a result: words",
    });
    expect(geminiOutcome(undefined, { exitCode: 41, reason: "exited" }, "").hint).toContain("GEMINI_API_KEY");
  });

  it("is no success where a warning came right before the result, and one where the model continued", async () => {
    const said = JSON.stringify({ type: "message", role: "assistant", content: "xxx" });
    const message = "Loop detected, stopping execution";
    const warning = JSON.stringify({ type: "error", severity: "warning", message });
    const stopped = await parse([said, warning, result]);
    expect(stopped.at(-1)).toMatchObject({ type: "harness.result", ok: false, reason: "error", message });
    expect((await parse([warning, said, result])).at(-1)).toMatchObject({ ok: true, message: "xxx" });
    const without = await parse([warning, JSON.stringify({ type: "result", status: "error" })]);
    expect(without.at(-1)).toMatchObject({ ok: false, message });
  });

  it("is the first result's: what is printed later changes nothing", async () => {
    const events = await parse([result, JSON.stringify({ type: "result", status: "error" })]);
    expect(events.filter(({ type }) => type === "harness.result")).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: "harness.raw" });
  });
});

describe("hostile output", () => {
  it.each([
    "not json",
    "{",
    "[]",
    "null",
    '{"type":"message"}',
    '{"type":"tool_result","tool_id":"x","status":"success"}',
  ])("keeps %s", async (line) => {
    expect(await parse([line])).toEqual([{ type: "harness.raw", stream: "stdout", line }]);
  });

  it("keeps what standard error says, also where it looks like a result", async () => {
    expect(await parse([result], "stderr")).toEqual([{ type: "harness.raw", stream: "stderr", line: result }]);
  });

  it("ends every tool call, and keeps no more than 1,000 open", async () => {
    const calls = Array.from({ length: 1500 }, (_, index) =>
      JSON.stringify({ type: "tool_use", tool_name: "t", tool_id: `c${index}` }),
    );
    const events = await parse(calls);
    expect(events.filter(({ type }) => type === "tool.end")).toHaveLength(1500);
  });

  it("bounds lines, outputs of tools, depth and text", async () => {
    const use = { type: "tool_use", tool_name: "t", tool_id: "c" };
    const used = { type: "tool_result", tool_id: "c", status: "error", output: "x".repeat(1_000_000) };
    const deep = `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`;
    const text = { type: "message", role: "assistant", content: "x".repeat(17 * 1024 * 1024) };
    const lines = ["y".repeat(20_000_000), JSON.stringify(use), JSON.stringify(used), deep, JSON.stringify(text)];
    const events = await parse(lines);
    expect(events.find(({ type }) => type === "tool.end")).toMatchObject({ status: "error" });
    expect(JSON.stringify(events).length).toBeLessThan(300_000);
  });
});
