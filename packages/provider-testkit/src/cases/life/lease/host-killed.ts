import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { readText } from "../../../in-sandbox/read-text.ts";
import { until } from "../../../in-sandbox/until.ts";
import { needsPlugin } from "../../../needs-plugin.ts";

export const hostKilled: ConformanceCase = {
  name: "life/host-killed",
  title:
    "Keeps a sandbox running until its lease ends when its host is killed, then stops it; its files can be recovered",
  timeoutMs: 120_000,
  whyNot: needsPlugin,
  async run({ spec, list, own, connect, inOtherProcess, limits, capabilities }) {
    const requested = spec({ ttlMs: limits.leaseMs + 5000 });
    const other = inOtherProcess("create-and-stay", requested);
    const { id } = await other.next<{ readonly id: string }>();
    own(id);
    await other.kill();
    const state = async () => (await list(requested.labels)).find((info) => info.id === id)?.state;
    assert.equal(await state(), "running", "It died with its host");
    await until(async () => (await state()) === "stopped", "the orphan stops", 60_000);
    if (!capabilities.wake) return;
    const woken = await connect(id, { wakeForMs: 60_000 });
    assert.equal(await readText(woken, "/workspace/work"), "made before the host died");
  },
};
