import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { reap } from "@glovebox/core";
import { ownerLabel, runLabel } from "@glovebox/core/provider";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { startStayingRun } from "../../../core-run/start-staying-run.ts";
import { makeStateDirectory } from "../../../core-run/state-directory.ts";
import { withTemplate } from "../../../core-run/with-template.ts";
import { until } from "../../../in-sandbox/until.ts";
import { writeText } from "../../../in-sandbox/write-text.ts";

export const reaper: ConformanceCase = {
  name: "life/reaper",
  title:
    "Recovers and removes ended, orphaned sandboxes; leaves running, young and other owners' sandboxes alone, twice",
  requires: ({ wake, egress }) => wake && egress.modes.includes("sealed"),
  timeoutMs: 180_000,
  async run({ create, provider, template, list, limits, own }) {
    await using state = await makeStateDirectory();
    const { home, owner } = state;
    // First: a run reaps before it begins, and there should be nothing yet.
    const live = await startStayingRun(withTemplate(provider, template), home);
    own(live.sandboxId);
    const make = (ownedBy: string, runId: string, ttlMs: number) =>
      create({ labels: { [ownerLabel]: ownedBy, [runLabel]: runId }, ttlMs });
    const runId = `ended-${randomUUID()}`;
    const foreigner = `foreign-${randomUUID()}`;
    const [young, othersSandbox] = await Promise.all([
      make(owner, `young-${randomUUID()}`, 120_000),
      make(foreigner, `foreign-${randomUUID()}`, limits.leaseMs),
    ]);
    // Last, and alone: it has to be written to before its lease ends.
    const ended = await make(owner, runId, limits.leaseMs);
    await writeText(ended, "/workspace/work", "worth keeping");
    const stateOf = async (by: string, id: string) =>
      (await list({ [ownerLabel]: by })).find((info) => info.id === id)?.state;
    await until(async () => (await stateOf(owner, ended.id)) === "stopped", "the lease ends", 60_000);
    await until(
      async () => (await stateOf(foreigner, othersSandbox.id)) === "stopped",
      "the other's lease ends",
      60_000,
    );

    const first = await reap({ home, provider });
    assert.deepEqual(first.removed, [ended.id]);
    assert.deepEqual(
      first.left.map(({ sandboxId, failed }) => [sandboxId, failed]),
      [[young.id, false]],
    );
    assert.deepEqual(
      first.collected.map((collected) => collected.runId),
      [runId],
    );
    const directory = first.collected[0]?.directory ?? "";
    assert.equal(await readFile(join(directory, "work"), "utf8"), "worth keeping");
    const second = await reap({ home, provider });
    assert.deepEqual([second.removed, second.collected, second.left.length], [[], [], 1]);

    assert.equal(await stateOf(owner, live.sandboxId), "running", "What a living process holds was touched");
    assert.equal(await stateOf(owner, young.id), "running", "What is young was touched");
    assert.equal(await stateOf(foreigner, othersSandbox.id), "stopped", "What is another's was touched");
    live.run.cancel();
    const { cleanup } = await live.run.result;
    assert.equal(cleanup.state, "clean");
    assert.equal(await stateOf(owner, live.sandboxId), undefined, "The run left its sandbox");
  },
};
