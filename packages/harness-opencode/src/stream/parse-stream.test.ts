import { readFileSync } from "node:fs";
import { type HarnessEvent, type HarnessLine, harnessEventSchema } from "@glovebox/core/harness";
import { describe, expect, it } from "vitest";
import { openCodeOutcome } from "../opencode-outcome.ts";
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

const step = (reason: string) => ({
  type: "step_finish",
  sessionID: "ses_1",
  part: { messageID: "msg_1", reason, cost: 0.5, tokens: { input: 1, output: 2, cache: { read: 3, write: 4 } } },
});

describe("recorded output", () => {
  it("becomes a session, a tool call, a text, the usage of each step, and the result", async () => {
    const events = await transcript("tool");
    expect(events.map(({ type }) => type)).toEqual([
      ...["harness.session", "tool.start", "tool.end", "usage", "text.delta", "message.end", "usage", "harness.result"],
    ]);
    expect(events[1]).toMatchObject({ name: "bash", input: { description: "make a file" } });
    expect(events[2]).toMatchObject({ status: "ok", output: "made-by-agent\n" });
    expect(events[3]).toMatchObject({ input: 100, output: 10, cacheRead: 7, cacheWrite: 0 });
    expect(events.at(-1)).toMatchObject({ ok: true, reason: "done", message: "All done.", turns: 2 });
  });

  it.each([
    ["unauthorized", 401, "scripted trouble", "Check the API key"],
    ["no-model", 404, "scripted trouble", "name of the model"],
    ["refused", 403, "Glovebox refused the request: the run's budget of $1.00 is spent", undefined],
  ])("%s fails with the API's status %i and a hint", async (name, apiStatus, message, hint) => {
    const result = (await transcript(name)).find((event) => event.type === "harness.result");
    expect(result).toMatchObject({ ok: false, reason: "api-error", apiStatus, message });
    const outcome = openCodeOutcome(result, { exitCode: 1, reason: "exited" }, "");
    expect(outcome.hint ?? "").toContain(hint ?? "");
    expect(outcome.hint === undefined).toBe(hint === undefined);
    expect(outcome.warning).toBeUndefined();
  });

  it("has no result where a step never ended", async () => {
    const events = await transcript("stream-cut");
    expect(events.filter(({ type }) => type === "harness.result")).toEqual([]);
    expect(openCodeOutcome(undefined, { exitCode: null, reason: "killed" }, "")).toMatchObject({ ok: false });
  });
});

describe("the verdict", () => {
  it("is the last step's, whatever went wrong before", async () => {
    const error = { type: "error", sessionID: "ses_1", error: { name: "APIError", data: { message: "x" } } };
    const events = await parse(
      [error, { type: "step_start", sessionID: "ses_1" }, step("stop")].map((one) => JSON.stringify(one)),
    );
    expect(events.at(-1)).toMatchObject({ type: "harness.result", ok: true, costUsd: 0.5 });
  });

  it.each(["length", "content-filter", "unknown", "new-reason", "constructor"])(
    "is no success for a step that ends with %s",
    async (reason) => {
      const events = await parse([JSON.stringify(step(reason))]);
      expect(events.at(-1)).toMatchObject({ type: "harness.result", ok: false, reason: "error" });
    },
  );

  it("comes without an end of the output, after silence", async () => {
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const lines = (async function* (): AsyncGenerator<HarnessLine> {
      yield { stream: "stdout", line: JSON.stringify(step("stop")) };
      await ended;
    })();
    const types: string[] = [];
    for await (const { type } of parseStream(lines, 1)) {
      types.push(type);
      if (type === "harness.result") end();
    }
    expect(types).toEqual(["harness.session", "usage", "harness.result"]);
  });

  it("is a failure with a warning where the exit disagrees", async () => {
    const result = (await parse([JSON.stringify(step("stop"))])).find((event) => event.type === "harness.result");
    const outcome = openCodeOutcome(result, { exitCode: 3, reason: "exited" }, "");
    expect(outcome).toMatchObject({ ok: true, warning: expect.stringContaining("exit code 3") });
  });
});

describe("hostile output", () => {
  it.each(["not json", "{", "[]", "null", '{"type":"text"}', '{"type":"error","error":{}}'])(
    "keeps %s",
    async (line) => {
      expect(await parse([line])).toEqual([{ type: "harness.raw", stream: "stdout", line }]);
    },
  );

  it("keeps what standard error says, also where it looks like a result", async () => {
    const line = JSON.stringify(step("stop"));
    expect(await parse([line], "stderr")).toEqual([{ type: "harness.raw", stream: "stderr", line }]);
  });

  it("bounds lines, outputs of tools, depth and text", async () => {
    const state = { status: "completed", input: {}, output: "x".repeat(1_000_000), metadata: { exit: 3 } };
    const tool = { type: "tool_use", sessionID: "s", part: { tool: "bash", callID: "c", state } };
    const deep = `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`;
    const text = { type: "text", sessionID: "s", part: { id: "p", text: "x".repeat(17 * 1024 * 1024) } };
    const events = await parse(["y".repeat(20_000_000), JSON.stringify(tool), deep, JSON.stringify(text)]);
    expect(events.find(({ type }) => type === "tool.end")).toMatchObject({ status: "error" });
    expect(JSON.stringify(events).length).toBeLessThan(300_000);
  });
});
