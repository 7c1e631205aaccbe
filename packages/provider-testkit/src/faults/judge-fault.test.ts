import {
  type SandboxError,
  SandboxLostError,
  SandboxNotFoundError,
  SandboxRateLimitedError,
} from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { ExitUnknown } from "./fault-script.ts";
import { judgeFault } from "./judge-fault.ts";

const failedWith = (error: unknown) => ({ created: true, failure: { stage: "run", error } });
const judged = (kind: Parameters<typeof judgeFault>[0], outcome: Parameters<typeof judgeFault>[1]) => () =>
  judgeFault(kind, outcome, "a fault");

describe("what a run tells of a fault", () => {
  it("is right when nothing went wrong, or when it is reported by its code", () => {
    expect(judged("half", { created: true })).not.toThrow();
    expect(judged("half", failedWith(new SandboxLostError("broke")))).not.toThrow();
    expect(judged("cut-after", failedWith(new ExitUnknown("lost")))).not.toThrow();
    const limited = new SandboxRateLimitedError("slow down", { retryAfterMs: 1000 });
    expect(judged("rate-limited", { created: true, destroyError: limited })).not.toThrow();
  });

  const wrong: readonly (readonly [string, Parameters<typeof judgeFault>[0], unknown])[] = [
    ["a wrong result", "half", new Error("the output is whole: expected 7, got 0")],
    ["another code", "half", new SandboxNotFoundError("gone") satisfies SandboxError],
    ["no time to wait", "rate-limited", new SandboxRateLimitedError("slow down")],
    ["a failure of what was only slow", "slow", new SandboxLostError("broke")],
    ["an unknown exit of what was only slow", "slow", new ExitUnknown("lost")],
  ];
  it.each(wrong)("is not right: %s", (_, kind, error) => {
    expect(judged(kind, failedWith(error))).toThrow();
    if (!(error instanceof ExitUnknown)) expect(judged(kind, { created: true, destroyError: error })).toThrow();
  });
});
