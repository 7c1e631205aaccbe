import type { HarnessEvent, HarnessLine } from "@glovebox/core/harness";
import { describe, expect, it } from "vitest";
import { parseStream } from "./parse-stream.ts";

async function parse(...lines: readonly (object | string)[]): Promise<HarnessEvent[]> {
  async function* input(): AsyncGenerator<HarnessLine> {
    for (const line of lines) yield { stream: "stdout", line: typeof line === "string" ? line : JSON.stringify(line) };
  }
  const events: HarnessEvent[] = [];
  for await (const event of parseStream(input())) events.push(event);
  return events;
}

const item = (fields: object, type = "item.completed") => ({ type, item: { id: "i1", ...fields } });
const usage = { input_tokens: 100, cached_input_tokens: 40, cache_write_input_tokens: 10, output_tokens: 7 };
const completed = { type: "turn.completed", usage };

it("turns a turn into events, and the last message into the answer", async () => {
  const events = await parse(
    { type: "thread.started", thread_id: "t1" },
    { type: "turn.started" },
    item({ type: "file_change", changes: [{ path: "/workspace/a.txt", kind: "add" }], status: "completed" }),
    item({ type: "web_search", query: "weather" }, "item.started"),
    item({ type: "web_search", query: "weather" }),
    item({ type: "todo_list", items: [{ text: "one", completed: true }] }),
    item({ type: "agent_message", text: "First." }),
    item({ type: "agent_message", text: "Done." }),
    completed,
  );
  expect(events).toMatchObject([
    { type: "harness.session", sessionId: "t1" },
    { type: "tool.start", name: "file_change", input: { path: "/workspace/a.txt" } },
    { type: "tool.end", status: "ok", output: "add /workspace/a.txt" },
    { type: "tool.start", name: "web_search", input: { query: "weather" } },
    { type: "tool.end", status: "ok" },
    { type: "tool.start", name: "todo_list" },
    { type: "tool.end", status: "ok" },
    { type: "text.delta", text: "First." },
    { type: "message.end", text: "First." },
    { type: "text.delta", text: "Done." },
    { type: "message.end", text: "Done." },
    { type: "usage", input: 50, output: 7, cacheRead: 40, cacheWrite: 10 },
    { type: "harness.result", ok: true, reason: "done", message: "Done.", turns: 1, sessionId: "t1" },
  ]);
});

it("names a retry with the status of the API, and keeps its address out", async () => {
  const why = "unexpected status 503 Service Unavailable: down, url: http://127.0.0.1:1/model/openai/responses";
  expect(await parse({ type: "error", message: `Reconnecting... 2/5 (${why})` })).toEqual([
    {
      type: "harness.retry",
      attempt: 2,
      apiStatus: 503,
      message: "The model's API failed (unexpected status 503 Service Unavailable: down): retry 2 of 5",
    },
  ]);
});

it("takes an error for the result where the turn has no other end", async () => {
  const [result, ...others] = await parse({ type: "error", message: "stream disconnected before completion" });
  expect(result).toMatchObject({ type: "harness.result", ok: false, reason: "api-error" });
  expect(others).toEqual([]);
});

it("reports one result: the first", async () => {
  const events = await parse({ type: "turn.failed", error: { message: "no" } }, completed);
  expect(events).toMatchObject([{ type: "harness.result", ok: false, reason: "error" }, { type: "harness.raw" }]);
});

describe("lines of whoever took the program's place", () => {
  it.each([
    "not json",
    "[]",
    "null",
    '{"type":"new"}',
    '{"type":"turn.completed"}',
    JSON.stringify(item({ type: "error", message: "a warning" })),
    JSON.stringify(item({ type: "agent_message", text: { toString: 1 } })),
    `{"type":"item.completed","item":{"id":"i","type":"mcp_tool_call","server":"s","tool":"t","arguments":${"[".repeat(5000)}${"]".repeat(5000)}}}`,
  ])("%.60s is kept as it is", async (line) => {
    expect(await parse(line)).toEqual([{ type: "harness.raw", stream: "stdout", line }]);
  });

  it("are cut, and keep a bounded number of calls open, each of which ends", async () => {
    const calls = Array.from({ length: 3000 }, (_, index) => ({
      type: "item.started",
      item: { id: `c${index}`, type: "command_execution", command: "x" },
    }));
    const events = await parse(
      ...calls,
      item({ type: "command_execution", command: "x", aggregated_output: `a${"x".repeat(200_000)}b`, exit_code: 0 }),
      "x".repeat(200_000),
    );
    expect(events.filter(({ type }) => type === "tool.start")).toHaveLength(3001);
    const ends = events.filter((event) => event.type === "tool.end");
    expect(ends).toHaveLength(3001);
    expect(ends.find(({ callId }) => callId === "i1")?.output).toMatch(/^…x+b$/);
    expect(JSON.stringify(events.filter(({ type }) => type === "harness.raw")).length).toBeLessThan(70_000);
  });
});
