import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { SandboxError } from "@glovebox/core/provider";
import type { ConformanceCase } from "../../../conformance-case.ts";

/** How long after its start a creation is aborted, in milliseconds: wherever it is then, the rule is the same. */
const moments = [0, 20, 60, 120, 250];

export const createAborted: ConformanceCase = {
  name: "life/create-aborted",
  title: "Leaves nothing behind when a creation is aborted, at any moment",
  async run({ provider, spec, list }) {
    for (const moment of moments) {
      const requested = spec();
      const controller = new AbortController();
      const creating = provider.create(requested, { signal: controller.signal });
      const settled = creating.then(
        (sandbox) => sandbox,
        (error: unknown) => error,
      );
      await delay(moment);
      controller.abort();
      const outcome = await settled;
      if (SandboxError.isInstance(outcome)) {
        assert.equal(outcome.code, "aborted", outcome.message);
        const left = await list(requested.labels);
        assert.ok(left.length === 0 || outcome.mayHaveCreated, `Left after an abort at ${moment} ms, and not reported`);
        for (const { id } of left) await provider.destroy(id);
      } else {
        assert.ok(typeof outcome === "object" && outcome !== null && "destroy" in outcome, String(outcome));
        await (await creating).destroy();
      }
      assert.deepEqual(await list(requested.labels), []);
    }
  },
};
