import assert from "node:assert/strict";
import pLimit from "p-limit";
import type { ConformanceCase } from "../../conformance-case.ts";
import { type FaultKind, faultKinds } from "../../faults/fault-kind.ts";
import type { SeenCall } from "../../faults/fault-proxy.ts";
import { faultedCalls } from "../../faults/faulted-calls.ts";
import { recordCalls } from "../../faults/record-calls.ts";
import { tryFault } from "../../faults/try-fault.ts";

const atOnce = 3;

const titles: Readonly<Record<FaultKind, string>> = {
  "cut-before":
    "Reports a connection that ends before a call arrives, at every call of a run, and leaves nothing behind",
  "cut-during": "Reports a connection that ends during a call, at every call of a run, and leaves nothing behind",
  "cut-after":
    "Reports a connection that ends before a call's response, at every call of a run, and leaves nothing behind",
  half: "Never takes a partial response or stream for a whole one, at every call of a run, and leaves nothing behind",
  stall: "Ends a call that is never answered when its caller aborts, at every call of a run, and leaves nothing behind",
  slow: "Handles a response that arrives in small pieces, at every call of a run",
  "rate-limited":
    "Reports 429 as rate-limited with the time to wait, at every call of a run, and leaves nothing behind",
  unauthorized: "Reports 401 as authentication, at every call of a run, and leaves nothing behind",
  "server-error": "Reports 500 as unavailable, at every call of a run, and leaves nothing behind",
};

/** One case a kind of fault: every call of a run is hit once, or as many as the limits allow. */
export const survivesFaults: readonly ConformanceCase[] = faultKinds.map((kind) => ({
  name: `faults/${kind}`,
  title: titles[kind],
  timeoutMs: 300_000,
  whyNot: ({ faults }) => (faults === undefined ? "the option faults was not given" : undefined),
  async run(context) {
    const { faults } = context.options;
    assert.ok(faults !== undefined);
    const all = await recordCalls(context, faults);
    const calls = faultedCalls(all, context.limits.faultedCalls, faultKinds.indexOf(kind));
    const failures: string[] = [];
    let survived = 0;
    const hit = async (call: SeenCall): Promise<void> => {
      try {
        if (await tryFault(context, faults, { call, kind })) survived += 1;
      } catch (error) {
        failures.push((error as Error).message);
      }
    };
    await pLimit(atOnce).map(calls, hit);
    // Timing decides some calls of a run: where it came to none of a few, it hits others.
    for (const call of all) if (survived === 0 && failures.length === 0 && !calls.includes(call)) await hit(call);
    context.record("survivedFaults", survived);
    assert.equal(failures.length, 0, failures.join("\n"));
    assert.ok(survived > 0, "no fault hit anything");
  },
}));
