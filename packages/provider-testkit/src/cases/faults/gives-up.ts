import assert from "node:assert/strict";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { FaultProxy } from "../../faults/fault-proxy.ts";

export const givesUp: ConformanceCase = {
  name: "faults/gives-up",
  title: "Times out calls to a vendor that never answers, and never concludes that the sandbox is gone",
  timeoutMs: 180_000,
  whyNot: ({ faults }) => (faults === undefined ? "the option faults was not given" : undefined),
  async run(context) {
    const { faults } = context.options;
    assert.ok(faults !== undefined);
    const { id } = await context.shared();
    await using seeing = await FaultProxy.start({ upstream: faults.upstream });
    await (await faults.create(seeing.address).connect(id)).close();
    const [call] = seeing.calls;
    assert.ok(call !== undefined, "connect asks the vendor");
    await using proxy = await FaultProxy.start({ upstream: faults.upstream, call, kind: "stall" });
    const startedAt = performance.now();
    await rejectsWith("timeout", faults.create(proxy.address).connect(id), "a call that is never answered");
    context.record("gaveUpAfterMs", Math.round(performance.now() - startedAt));
    assert.ok(proxy.hasHit);
  },
};
