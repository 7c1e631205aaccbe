import assert from "node:assert/strict";
import type { CaseContext } from "../case-context.ts";
import type { FaultOptions } from "./fault-options.ts";
import { FaultProxy, type SeenCall } from "./fault-proxy.ts";
import { runFaultScript } from "./fault-script.ts";

const recorded = new WeakMap<FaultOptions, Promise<readonly SeenCall[]>>();

/** The calls to the vendor that a run makes when nothing goes wrong, in their order. Made once, for every case. */
export function recordCalls(context: CaseContext, faults: FaultOptions): Promise<readonly SeenCall[]> {
  const known = recorded.get(faults) ?? record(context, faults);
  recorded.set(faults, known);
  return known;
}

async function record(context: CaseContext, faults: FaultOptions): Promise<readonly SeenCall[]> {
  await using proxy = await FaultProxy.start({ upstream: faults.upstream });
  const { template: _, ...spec } = context.spec();
  const never = new AbortController().signal;
  const outcome = await runFaultScript({
    provider: faults.create(proxy.address),
    template: context.options.template ?? { base: { kind: "default" }, layers: [] },
    spec,
    signal: never,
    destroySignal: never,
  });
  assert.deepEqual(outcome, { created: true }, "a run without a fault is right");
  return proxy.calls;
}
