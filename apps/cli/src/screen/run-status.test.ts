import type { RunEvent, RunEventBody } from "@glovebox/core";
import { expect, it } from "vitest";
import { RunStatus } from "./run-status.ts";

function watch() {
  let now = Date.parse("2026-11-20T10:00:00.000Z");
  const status = new RunStatus(() => now);
  const event = (body: RunEventBody) =>
    status.event({ v: 1, seq: 1, time: new Date(now).toISOString(), runId: "r", ...body } as RunEvent);
  const wait = (ms: number) => {
    now += ms;
  };
  const line = () => [...status.facts, status.activity].filter((part) => part !== undefined).join(" · ");
  return { status, event, wait, line };
}

const usage = { type: "usage", model: "m", input: 1000, output: 200, cacheRead: 34_000, cacheWrite: 0 } as const;

it("shows total time, turn, tokens, cost and what is being done", () => {
  const { event, wait, line } = watch();
  event({ type: "run.state", to: "preparing" });
  wait(3000);
  expect(line()).toBe("3s · Preparing the sandbox image 3s");
  event({ type: "run.state", to: "running" });
  event({ type: "harness.session", sessionId: "s", tools: [], agents: [], commands: [], skills: [], mcpServers: [] });
  wait(2000);
  expect(line()).toBe("5s · turn 1 · waiting for the model 2s");
  event({ type: "reasoning.delta", messageId: "m1", text: "hm" });
  event({ type: "tool.start", callId: "c1", name: "Bash", input: { command: "npm test" } });
  event({ ...usage, messageId: "m1", source: "harness" });
  event({ ...usage, source: "gateway", costUsd: 0.5 });
  wait(65_000);
  expect(line()).toBe("1m 10s · turn 1 · 35.2k tokens · $0.5000 · Bash npm test 1m 5s");
  event({ type: "tool.end", callId: "c1", status: "ok", output: "" });
  expect(line()).toBe("1m 10s · turn 2 · 35.2k tokens · $0.5000 · waiting for the model");
});

it("says when a message that has begun stalls", () => {
  const { event, wait, line } = watch();
  event({ type: "run.state", to: "running" });
  event({ type: "text.delta", messageId: "m1", text: "a" });
  wait(2000);
  event({ type: "text.delta", messageId: "m1", text: "b" });
  wait(4000);
  expect(line()).toBe("6s · turn 1 · writing 6s");
  wait(5000);
  expect(line()).toBe("11s · turn 1 · writing 11s, nothing for 9s");
});

it("hides what a scripted model would cost, and ends with the run", () => {
  const { status, event, line } = watch();
  status.hideCost();
  event({ type: "run.state", to: "running" });
  event({ ...usage, source: "gateway", costUsd: 0.5 });
  expect(line()).not.toContain("$");
  event({ type: "run.state", to: "ended" });
  expect(status.activity).toBeUndefined();
});
