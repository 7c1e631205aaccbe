import { expect, it } from "vitest";
import { exitCodeOf } from "./exit-code-of.ts";

it("the exit code of a process is its own, or tells the signal that ended it", () => {
  expect(exitCodeOf({ exitCode: 3, reason: "exited" })).toBe(3);
  expect(exitCodeOf({ exitCode: null, signal: "SIGTERM", reason: "killed" })).toBe(143);
  expect(exitCodeOf({ exitCode: null, reason: "oom" })).toBe(137);
  expect(() => exitCodeOf({ exitCode: null, reason: "lost" })).toThrow("before the end of the command");
});
