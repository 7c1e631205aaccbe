import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { readText } from "../../in-sandbox/read-text.ts";
import { until } from "../../in-sandbox/until.ts";
import { needsPlugin } from "../../needs-plugin.ts";

export const hostKilled: ConformanceCase = {
  name: "life/host-killed",
  title: "A sandbox whose host was killed runs until the end of its lease, then stops; its work is recovered",
  timeoutMs: 120_000,
  whyNot: needsPlugin,
  async run({ spec, list, own, connect, inOtherProcess, limits, capabilities }) {
    const asked = spec({ ttlMs: limits.leaseMs + 5000 });
    const other = inOtherProcess("create-and-stay", asked);
    const { id } = await other.next<{ readonly id: string }>();
    own(id);
    await other.kill();
    const state = async () => (await list(asked.labels)).find((info) => info.id === id)?.state;
    assert.equal(await state(), "running", "It died with its host");
    await until(async () => (await state()) === "stopped", "the orphan stops", 60_000);
    if (!capabilities.wake) return;
    const woken = await connect(id, { wakeForMs: 60_000 });
    assert.equal(await readText(woken, "/workspace/work"), "made before the host died");
  },
};
