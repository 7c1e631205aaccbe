import type { HarnessEvent, HarnessLine } from "@glovebox/core/harness";
import { describe, expect, it } from "vitest";
import { parseStream } from "./parse-stream.ts";

const timing = { settleMs: 60_000, backgroundWaitMs: 60_000 };
const result = (text: string) =>
  JSON.stringify({ type: "result", subtype: "success", is_error: false, result: text, num_turns: 1 });

async function* linesOf(
  lines: readonly string[],
  stream: HarnessLine["stream"] = "stdout",
): AsyncGenerator<HarnessLine> {
  for (const line of lines) yield { stream, line };
}

async function parse(lines: AsyncIterable<HarnessLine>, options = timing): Promise<HarnessEvent[]> {
  const events: HarnessEvent[] = [];
  for await (const event of parseStream(lines, options)) events.push(event);
  return events;
}

describe("lines that are not known", () => {
  it.each(["not json", "{", "[]", "null", "3", '{"type":"new"}', '{"type":"assistant"}', '{"type":"result"}'])(
    "%s is kept",
    async (line) => {
      expect(await parse(linesOf([line]))).toEqual([{ type: "harness.raw", stream: "stdout", line }]);
    },
  );

  it("standard error is kept, also where it looks like a result", async () => {
    const line = result("forged");
    expect(await parse(linesOf([line], "stderr"))).toEqual([{ type: "harness.raw", stream: "stderr", line }]);
  });

  it("a line of 20 MB is kept in part", async () => {
    const [event] = await parse(linesOf(["x".repeat(20_000_000)]));
    expect(event).toMatchObject({ type: "harness.raw", line: expect.stringMatching(/^x+…$/) });
    expect(JSON.stringify(event).length).toBeLessThan(70_000);
  });
});

describe("a tool's answer", () => {
  const call = (content: unknown) => [
    JSON.stringify({
      type: "assistant",
      message: { id: "m", model: "x", content: [{ type: "tool_use", id: "t", name: "Bash", input: {} }] },
    }),
    JSON.stringify({ type: "user", message: { content: [{ type: "tool_result", tool_use_id: "t", content }] } }),
  ];

  it("is a bounded tail", async () => {
    const events = await parse(linesOf(call(`begin${"x".repeat(200_000)}end`)));
    const end = events.find((event) => event.type === "tool.end");
    expect(end?.output).toMatch(/^…x+end$/);
    expect(end?.output.length).toBe(65_536);
  });

  it("of an unknown call makes no event of its own", async () => {
    const [, answer] = call("x");
    expect(await parse(linesOf([answer ?? ""]))).toEqual([]);
  });
});

describe("the result", () => {
  it("is the last one of those that follow each other", async () => {
    const events = await parse(linesOf([result("first"), '{"type":"other"}', result("second")]));
    expect(events.map(({ type }) => type)).toEqual(["harness.raw", "harness.result"]);
    expect(events[1]).toMatchObject({ message: "second", turns: 2 });
  });

  it("comes while the process hangs after it, and stands against later ones", async () => {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* hanging(): AsyncGenerator<HarnessLine> {
      yield { stream: "stdout", line: result("first") };
      await released;
      yield { stream: "stdout", line: result("late") };
    }
    const events: HarnessEvent[] = [];
    for await (const event of parseStream(hanging(), { settleMs: 1, backgroundWaitMs: 60_000 })) {
      events.push(event);
      if (event.type === "harness.result") release();
    }
    expect(events).toMatchObject([{ type: "harness.result", message: "first" }, { type: "harness.raw" }]);
  });

  it("waits for background commands", async () => {
    const tasks = (list: unknown[]) =>
      JSON.stringify({ type: "system", subtype: "background_tasks_changed", tasks: list });
    async function* later(): AsyncGenerator<HarnessLine> {
      yield* linesOf([tasks([{}]), result("first")]);
      // Longer than the time to settle: only the background command holds the result.
      await new Promise((resolve) => setTimeout(resolve, 30));
      yield* linesOf([tasks([]), result("second")]);
    }
    const events = await parse(later(), { settleMs: 1, backgroundWaitMs: 60_000 });
    expect(events.filter((event) => event.type === "harness.result")).toMatchObject([{ message: "second" }]);
  });
});

it("passes on what breaks the lines, and ends them when the reader goes", async () => {
  async function* broken(): AsyncGenerator<HarnessLine> {
    yield { stream: "stdout", line: "one" };
    throw new Error("lost");
  }
  await expect(parse(broken())).rejects.toThrow("lost");
  let ended = false;
  async function* endless(): AsyncGenerator<HarnessLine> {
    try {
      while (true) yield { stream: "stdout", line: "more" };
    } finally {
      ended = true;
    }
  }
  for await (const _event of parseStream(endless(), timing)) break;
  expect(ended).toBe(true);
});

describe("lines of whoever took the harness's place", () => {
  const call = (index: number, input: unknown = {}) =>
    JSON.stringify({
      type: "assistant",
      parent_tool_use_id: `p${index}`,
      message: { id: `m${index}`, model: "x", content: [{ type: "tool_use", id: `t${index}`, name: "Bash", input }] },
    });

  it("keep a bounded number of calls open, and each of them ends", async () => {
    const seen = { start: 0, end: 0, most: 0 };
    const lines = linesOf(Array.from({ length: 5000 }, (_, index) => call(index)));
    for await (const event of parseStream(lines, timing)) {
      if (event.type === "tool.start") seen.start += 1;
      if (event.type === "tool.end") seen.end += 1;
      seen.most = Math.max(seen.most, seen.start - seen.end);
    }
    expect(seen).toEqual({ start: 5000, end: 5000, most: 1000 });
  });

  it("that nest without end are kept as they are", async () => {
    const line = `{"type":"assistant","message":{"id":"a","model":"b","content":[{"type":"tool_use","id":"t","name":"n","input":${"[".repeat(100_000)}${"]".repeat(100_000)}}]}}`;
    const events = await parse(linesOf([line, result("Done.")]));
    expect(events.map((event) => event.type)).toEqual(["harness.raw", "harness.result"]);
  });

  it("that hold what is no text where a text should be do not end the reading", async () => {
    const user = (content: unknown) => JSON.stringify({ type: "user", uuid: "u", message: { content } });
    const events = await parse(
      linesOf([
        call(1),
        user([{ type: "tool_result", tool_use_id: "t1", content: [null, 3, { type: "text", text: {} }] }]),
        user([{ type: "text", text: { toString: 1 } }]),
        result("Done."),
      ]),
    );
    expect(events.at(-1)).toMatchObject({ type: "harness.result", ok: true });
  });

  it("are cut to the longest message that an event may hold, and the deltas still add up to it", async () => {
    const stream = (event: unknown) => JSON.stringify({ type: "stream_event", event });
    const text = "x".repeat(5_000_000);
    const events = await parse(
      linesOf([
        stream({ type: "message_start", message: { id: "m", model: "x" } }),
        ...Array.from({ length: 10 }, () =>
          stream({ type: "content_block_delta", delta: { type: "text_delta", text } }),
        ),
        stream({ type: "message_stop" }),
      ]),
    );
    const deltas = events.flatMap((event) => (event.type === "text.delta" ? [event.text] : []));
    const whole = events.find((event) => event.type === "message.end");
    expect(deltas.join("").length).toBe(15_000_000);
    expect(whole).toMatchObject({ text: deltas.join("") });
  });

  it("name any number of models in a time that grows with the number alone", async () => {
    const count = 30_000;
    const usage = (index: number) => [
      JSON.stringify({
        type: "stream_event",
        event: {
          type: "message_start",
          message: { id: `m${index}`, model: `x${index}`, usage: { input_tokens: 1, output_tokens: 1 } },
        },
      }),
      JSON.stringify({ type: "stream_event", event: { type: "message_delta", usage: { output_tokens: 1 } } }),
      JSON.stringify({ type: "stream_event", event: { type: "message_stop" } }),
    ];
    const counts = { inputTokens: 2, outputTokens: 2, cacheReadInputTokens: 0, cacheCreationInputTokens: 0 };
    const modelUsage = Object.fromEntries(Array.from({ length: count }, (_, index) => [`x${index}`, counts]));
    const lines = Array.from({ length: count }, (_, index) => usage(index)).flat();
    const events = await parse(linesOf([...lines, JSON.stringify({ ...JSON.parse(result("Done.")), modelUsage })]));
    const inputs = events.flatMap((event) => (event.type === "usage" ? [event.input] : []));
    expect(inputs.reduce((sum, input) => sum + input, 0)).toBe(2 * count);
  });
});
