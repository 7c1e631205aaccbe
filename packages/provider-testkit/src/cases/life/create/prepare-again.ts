import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";

export const prepareAgain: ConformanceCase = {
  name: "life/prepare-again",
  title: "Prepares a template once: a second call, also from another controller, returns the same digest",
  async run({ provider, newProvider, template, options }) {
    const spec = options.template ?? { base: { kind: "default" as const }, layers: [] };
    for (const controller of [provider, newProvider()]) {
      const again = await controller.prepare(spec);
      assert.deepEqual([again.digest, again.reused, again.providerId], [template.digest, true, provider.id]);
    }
  },
};
