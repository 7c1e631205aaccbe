import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { reap } from "@glovebox/core";
import { ownerLabel, runLabel } from "@glovebox/core/provider";
import type { ConformanceCase } from "../../conformance-case.ts";
import { makeStateDirectory } from "../../core-run/state-directory.ts";
import { Heartbeat, heartbeatScript } from "../../in-sandbox/heartbeat.ts";
import { nodeScript } from "../../in-sandbox/node-script.ts";
import { until } from "../../in-sandbox/until.ts";

export const pauseOutlastsLease: ConformanceCase = {
  name: "optional/pause-outlasts-lease",
  title: "Keeps a paused sandbox beyond its lease, also from a reaper; the lease it is woken with ends it",
  requires: ({ pause }) => pause,
  timeoutMs: 120_000,
  async run({ create, connect, provider, list, limits }) {
    await using state = await makeStateDirectory();
    const labels = { [ownerLabel]: state.owner, [runLabel]: randomUUID() };
    const { leaseMs } = limits;
    const sandbox = await create({ labels });
    const heart = new Heartbeat(sandbox, "/workspace/heart");
    await sandbox.spawn(nodeScript(heartbeatScript, heart.file), { output: "detached" });
    await heart.assertBeats();
    await sandbox.extend(leaseMs);
    await sandbox.pause();
    await delay(leaseMs + 1000);
    const stateNow = async (): Promise<string | undefined> => (await list(labels))[0]?.state;
    assert.equal(await stateNow(), "paused");
    const { removed, left } = await reap({ home: state.home, provider });
    assert.deepEqual([removed, left.map(({ sandboxId }) => sandboxId)], [[], [sandbox.id]], "It was reaped");
    const woken = await connect(sandbox.id, { wakeForMs: 2 * leaseMs });
    await new Heartbeat(woken, heart.file).assertBeats();
    await until(async () => (await stateNow()) === "stopped", "the sandbox stops at the end of its new lease");
  },
};
