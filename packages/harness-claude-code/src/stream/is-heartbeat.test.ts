import { expect, it } from "vitest";
import { isHeartbeat } from "./is-heartbeat.ts";

const progress = {
  type: "tool_progress",
  tool_use_id: "toolu_1-heartbeat-0",
  tool_name: "Bash",
  parent_tool_use_id: "toolu_1",
  elapsed_time_seconds: 30,
};

it.each([
  ["a heartbeat", "stdout", JSON.stringify({ ...progress, heartbeat: true }), true],
  ["the progress of a tool", "stdout", JSON.stringify(progress), false],
  ["a heartbeat that is cut", "stdout", '{"type":"tool_progress","heartbeat":true', false],
  ["a heartbeat on standard error", "stderr", JSON.stringify({ ...progress, heartbeat: true }), false],
  ["another line", "stdout", '{"type":"assistant","heartbeat":true}', false],
] as const)("knows %s", (_, stream, line, expected) => {
  expect(isHeartbeat({ stream, line })).toBe(expected);
});
