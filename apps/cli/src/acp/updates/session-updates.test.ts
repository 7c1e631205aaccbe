import type { RunEvent, RunEventBody } from "@glovebox/core";
import { expect, it } from "vitest";
import { DirectoryPaths } from "../directory-paths.ts";
import { SessionUpdates } from "./session-updates.ts";

const start = () => new SessionUpdates({ runId: "run", paths: new DirectoryPaths("/home/me/app"), spentUsd: 1 });

function event(body: RunEventBody): RunEvent {
  return { ...body, v: 1, seq: 1, time: "2026-01-01T00:00:00.000Z", runId: "run" };
}

it("sends a message once, whether it came in parts or as a whole", () => {
  const updates = start();
  const end = (messageId: string) => event({ type: "message.end", messageId, role: "assistant", text: "whole" });
  expect(updates.of(event({ type: "text.delta", messageId: "a", text: "\u001b[2Jwhole" }))).toEqual([
    { sessionUpdate: "agent_message_chunk", content: { type: "text", text: "whole" } },
  ]);
  expect(updates.of(end("a"))).toEqual([]);
  expect(updates.of(end("b"))).toHaveLength(1);
});

it("sends a plan, and no place outside of the directory", () => {
  const todos = [
    { content: "Test it", status: "in_progress" },
    { content: "Ship it", status: "soon" },
  ];
  const started = (name: string, input: unknown) => start().of(event({ type: "tool.start", callId: "1", name, input }));
  expect(started("todo_list", { items: [{ text: "One", completed: true }] })).toMatchObject([
    { entries: [{ content: "One", status: "completed" }] },
  ]);
  expect(started("TodoWrite", { todos })).toEqual([
    {
      sessionUpdate: "plan",
      entries: [
        { content: "Test it", status: "in_progress", priority: "medium" },
        { content: "Ship it", status: "pending", priority: "medium" },
      ],
    },
  ]);
  const [call] = started("Write", { file_path: "/workspace/../../etc/passwd", content: "x" });
  expect(call).not.toHaveProperty("locations");
  expect(call).not.toHaveProperty("content");
  for (const input of [null, 7, [], { todos: "all" }, { path: { toString: 1 } }]) {
    expect(started("TodoWrite", input)).toHaveLength(1);
  }
});

it("adds the cost of the gateway's answers to what the session has cost", () => {
  const updates = start();
  const usage = (source: "gateway" | "harness") =>
    event({ type: "usage", model: "m", input: 10, output: 5, cacheRead: 3, cacheWrite: 2, costUsd: 0.25, source });
  expect(updates.of(usage("harness"))).toEqual([]);
  expect(updates.of(usage("gateway"))).toEqual([
    { sessionUpdate: "usage_update", used: 20, size: 0, cost: { amount: 1.25, currency: "USD" } },
  ]);
  expect(updates.of(usage("gateway"))).toMatchObject([{ cost: { amount: 1.5 } }]);
});

it("shows each refused host once, and not any number of them", () => {
  const updates = start();
  const refuse = (host: string) =>
    updates.of(
      event({
        ...{ type: "network.request", host, port: 443, method: "CONNECT", decision: "denied", status: 403 },
        ...{ requestBytes: 0, responseBytes: 0, durationMs: 1, remedy: { allowHost: host } },
      }),
    );
  expect(refuse("a.example")).toMatchObject([{ title: "Refused: a.example:443", status: "failed" }]);
  expect(refuse("a.example")).toEqual([]);
  const shown = Array.from({ length: 100 }, (_, index) => refuse(`${index}.example`)).flat();
  expect(shown).toHaveLength(19);
});
