import assert from "node:assert/strict";
import type { SandboxSpec } from "@glovebox/core/provider";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../conformance-case.ts";

export const wrongSpec: ConformanceCase = {
  name: "life/wrong-spec",
  title: "What contradicts the contract is refused by preflight and create alike, and nothing is made",
  async run({ provider, spec, list, capabilities, template }) {
    const { labels } = spec();
    const { maxTtlMs } = capabilities;
    const wrong: readonly Partial<SandboxSpec>[] = [
      { ttlMs: 0 },
      { ttlMs: -1 },
      { ttlMs: Number.NaN },
      { ttlMs: Number.POSITIVE_INFINITY },
      ...(maxTtlMs === undefined ? [] : [{ ttlMs: maxTtlMs + 1 }]),
      { env: { "A=B": "x" } },
      { env: { "": "x" } },
      { env: { A: "x\0y" } },
      { idempotencyKey: "" },
    ];
    for (const changes of wrong) {
      const asked = spec({ labels, ...changes });
      const what = JSON.stringify(changes);
      await rejectsWith("invalid-options", provider.preflight({ spec: asked }), `preflight with ${what}`);
      await rejectsWith("invalid-options", provider.create(asked), `create with ${what}`);
    }
    const foreign = spec({ labels, template: { ...template, providerId: "another" } });
    await rejectsWith(["invalid-options", "template"], provider.create(foreign), "create from another's template");
    assert.deepEqual(await list(labels), []);
  },
};
