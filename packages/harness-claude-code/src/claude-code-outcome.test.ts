import type { HarnessResultEvent, ProcessExit } from "@glovebox/core/harness";
import { describe, expect, it } from "vitest";
import { createClaudeCode } from "./index.ts";

const { outcome } = createClaudeCode();
const exited = (exitCode: number): ProcessExit => ({ exitCode, reason: "exited" });
const done: HarnessResultEvent = { type: "harness.result", ok: true, reason: "done", message: "Done." };
const refused: HarnessResultEvent = {
  type: "harness.result",
  ok: false,
  reason: "api-error",
  apiStatus: 401,
  message: "No.",
};

describe("the outcome", () => {
  it("is a success when result and exit agree", () => {
    expect(outcome(done, exited(0), "noise")).toEqual({ ok: true, reason: "done", message: "Done." });
  });

  it("is the result's where the exit disagrees, with a warning", () => {
    expect(outcome(done, exited(1), "")).toMatchObject({ ok: true, warning: expect.stringContaining("exit code 1") });
    const killed = outcome(done, { exitCode: null, signal: "SIGKILL", reason: "killed" }, "");
    expect(killed).toMatchObject({ ok: true, warning: expect.stringContaining("SIGKILL") });
    expect(outcome(refused, exited(0), "")).toMatchObject({ ok: false, warning: expect.any(String) });
  });

  it("is never a success without a result", () => {
    expect(outcome(undefined, exited(0), "")).toMatchObject({ ok: false, reason: "no-result" });
    expect(outcome(undefined, exited(1), "error: unknown option")).toMatchObject({
      message: "Claude Code ended with exit code 1 and without a result: error: unknown option",
    });
    expect(outcome(undefined, { exitCode: null, reason: "oom" }, "").hint).toContain("memory");
    expect(outcome(undefined, { exitCode: null, reason: "lost" }, "").message).toContain("lost");
  });

  it("says what to do about it", () => {
    expect(outcome(refused, exited(1), "").hint).toContain("key");
  });
});
