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
