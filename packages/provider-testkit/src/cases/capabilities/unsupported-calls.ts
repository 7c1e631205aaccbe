import { rejectsWith } from "../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { until } from "../../in-sandbox/until.ts";

export const unsupportedCalls: ConformanceCase = {
  name: "capabilities/unsupported-calls",
  title: "Rejects a call that the provider does not claim as unsupported",
  requires: ({ stats, wake }) => !stats || !wake,
  timeoutMs: 120_000,
  async run({ create, spec, list, provider, capabilities, limits }) {
    const { labels } = spec();
    const sandbox = await create({ labels, ttlMs: limits.leaseMs });
    if (!capabilities.stats) await rejectsWith("capability-unsupported", sandbox.stats(), "stats");
    if (capabilities.wake) return;
    await until(async () => (await list(labels))[0]?.state !== "running", "the sandbox stops");
    await rejectsWith(
      ["capability-unsupported", "not-found"],
      provider.connect(sandbox.id, { wakeForMs: 60_000 }),
      "waking",
    );
  },
};
