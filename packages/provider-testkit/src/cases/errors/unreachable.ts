import assert from "node:assert/strict";
import type { SandboxErrorCode } from "@glovebox/core/provider";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../conformance-case.ts";

const outOfReach: readonly SandboxErrorCode[] = ["unavailable", "timeout"];

export const unreachable: ConformanceCase = {
  name: "errors/unreachable",
  title:
    "Fails every call as unavailable and retryable when the vendor is unreachable; reports no sandbox as gone or created",
  whyNot: ({ unreachable: create }) => (create === undefined ? "the option `unreachable` is not given" : undefined),
  async run({ options, shared, spec, signal }) {
    const provider = options.unreachable?.();
    assert.ok(provider !== undefined);
    const { id } = await shared();
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      prepare: () => provider.prepare({ base: { kind: "default" }, layers: [] }, { signal }),
      create: () => provider.create(spec(), { signal }),
      connect: () => provider.connect(id, { signal }),
      wake: () => provider.connect(id, { signal, wakeForMs: 60_000 }),
      list: () => provider.list({ labels: {} }, { signal })[Symbol.asyncIterator]().next(),
      destroy: () => provider.destroy(id, { signal }),
    };
    for (const [what, call] of Object.entries(calls)) {
      const error = await rejectsWith(outOfReach, call(), what);
      assert.equal(error.retryable, true, `${what}: worth another try`);
      assert.equal(error.mayHaveCreated, false, `${what}: nothing was made`);
      assert.equal(error.providerId, provider.id);
    }
    const { ready, findings } = await provider.preflight({ signal });
    assert.equal(ready, false);
    const problem = findings.find(({ status }) => status === "problem");
    assert.ok(problem?.hint, "preflight says what to do");
  },
};
