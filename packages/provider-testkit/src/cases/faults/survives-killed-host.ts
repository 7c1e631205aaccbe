import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reap } from "@glovebox/core";
import { ownerLabel, runLabel } from "@glovebox/core/provider";
import pLimit from "p-limit";
import type { CaseContext } from "../../case-context.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { FaultProxy, type SeenCall } from "../../faults/fault-proxy.ts";
import { faultedCalls } from "../../faults/faulted-calls.ts";
import { recordCalls } from "../../faults/record-calls.ts";
import { until } from "../../in-sandbox/until.ts";
import { OtherProcess } from "../../other-process.ts";

const atOnce = 3;

export const survivesKilledHost: ConformanceCase = {
  name: "faults/host-killed",
  title: "Stops by itself whatever a process killed at any call of its run left, and lets the reaper remove it",
  timeoutMs: 300_000,
  whyNot: ({ faults, plugin }) =>
    faults?.settings === undefined || plugin === undefined
      ? "the options plugin and faults.settings were not given"
      : undefined,
  async run(context) {
    const { faults } = context.options;
    assert.ok(faults !== undefined);
    const home = mkdtempSync(join(tmpdir(), "glovebox-testkit-home-"));
    // Not the owner of the other cases: the reaper would sweep what they are at work with.
    const owner = `reaped-${randomUUID()}`;
    const list = (): ReturnType<CaseContext["list"]> => context.list({ [ownerLabel]: owner });
    try {
      writeFileSync(join(home, "owner"), `${owner}\n`);
      const all = await recordCalls(context, faults);
      const calls = faultedCalls(all, context.limits.faultedCalls);
      let killed = 0;
      const kill = async (call: SeenCall): Promise<void> => {
        if (await killAt(context, call, owner)) killed += 1;
      };
      await pLimit(atOnce).map(calls, kill);
      // A few calls may all lie before the sandbox is created or after it is destroyed: then it hits others.
      for (const call of all) if (!calls.includes(call) && (await list()).length === 0) await kill(call);
      assert.ok((await list()).length > 0, "a process that is killed in the middle of a run leaves its sandbox");
      const allStopped = async (): Promise<boolean> => (await list()).every(({ state }) => state === "stopped");
      await until(allStopped, "what the killed left has stopped", 60_000 + context.limits.leaseMs);
      const { left: unreaped } = await reap({ home, provider: context.newProvider() });
      assert.deepEqual(unreaped, []);
      assert.deepEqual(await list(), []);
      context.record("survivedFaults", killed);
    } finally {
      await Promise.all((await list()).map(({ id }) => context.provider.destroy(id)));
      rmSync(home, { recursive: true, force: true });
    }
  },
};

/** Runs in another process until it makes this call. The vendor still gets to see it. */
async function killAt(context: CaseContext, call: SeenCall, owner: string): Promise<boolean> {
  const { faults, plugin, template = { base: { kind: "default" }, layers: [] } } = context.options;
  assert.ok(faults?.settings !== undefined && plugin !== undefined);
  let other: OtherProcess | undefined;
  let killed = false;
  const onCall = ({ name }: SeenCall): void => {
    if (name !== call.name) return;
    killed = true;
    void other?.kill();
  };
  await using proxy = await FaultProxy.start({ upstream: faults.upstream, onCall });
  const labels = { [ownerLabel]: owner, [runLabel]: randomUUID() };
  const { template: _, ...spec } = context.spec({ labels, ttlMs: context.limits.leaseMs });
  other = new OtherProcess({
    program: "whole-run",
    source: { module: plugin.module, settings: { ...plugin.settings, ...faults.settings(proxy.address) } },
    input: { template, spec },
  });
  try {
    // Says so when its run is over, and nothing when it is killed.
    await other.next().catch(() => {});
  } finally {
    await other.kill();
  }
  return killed;
}
