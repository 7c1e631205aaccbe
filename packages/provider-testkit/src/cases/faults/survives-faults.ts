import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { type FaultKind, faultKinds } from "../../faults/fault-kind.ts";
import { recordCalls } from "../../faults/record-calls.ts";
import { tryFault } from "../../faults/try-fault.ts";

const atOnce = 3;

const titles: Readonly<Record<FaultKind, string>> = {
  "cut-before":
    "A connection that ends before a call is seen is told as such, at every call of a run, and nothing is left",
  "cut-during":
    "A connection that ends while the vendor is at a call is told as such, at every call of a run, and nothing is left",
  "cut-after":
    "A connection that ends before a call's answer is told as such, at every call of a run, and nothing is left",
  half: "Half an answer, or half a stream, is never taken for a whole one, at every call of a run, and nothing is left",
  stall: "A call that is never answered ends when its caller gives up, at every call of a run, and nothing is left",
  slow: "An answer that comes in small pieces is an answer like any other, at every call of a run",
  "rate-limited": "429 is told as rate-limited with the time to wait, at every call of a run, and nothing is left",
  unauthorized: "401 is told as authentication, at every call of a run, and nothing is left",
  "server-error": "500 is told as unavailable, at every call of a run, and nothing is left",
};

/** One case a kind of fault: every call of a run is hit once. */
export const survivesFaults: readonly ConformanceCase[] = faultKinds.map((kind) => ({
  name: `faults/${kind}`,
  title: titles[kind],
  timeoutMs: 300_000,
  whyNot: ({ faults }) => (faults === undefined ? "the option faults was not given" : undefined),
  async run(context) {
    const { faults } = context.options;
    assert.ok(faults !== undefined);
    const waiting = [...(await recordCalls(context, faults))];
    const failures: string[] = [];
    let survived = 0;
    const work = async (): Promise<void> => {
      for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) {
        try {
          if (await tryFault(context, faults, { call, kind })) survived += 1;
        } catch (error) {
          failures.push((error as Error).message);
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    context.record("survivedFaults", survived);
    assert.equal(failures.length, 0, failures.join("\n"));
    assert.ok(survived > 0, "no fault hit anything");
  },
}));
