import { expect, it } from "vitest";
import { batchKill } from "../src/batch/batch-kill.ts";
import { kill } from "../src/kill/kill.ts";
import { load } from "../src/load.ts";
import { runner } from "../src/runner/runner.ts";
import { serve } from "../src/serve/serve.ts";
import { server } from "../src/server/server.ts";
import { silence } from "../src/silence/silence.ts";
import { silenceCases } from "../src/silence/silence-case.ts";
import { soak } from "../src/soak.ts";

const options = { concurrency: 2, seed: 1, from: 1, minutes: 1, clients: 2, say: () => {} };

it.each([
  ["load", load, 4],
  ["soak", soak, 6],
  ["kill", kill, 5],
  ["batch-kill", batchKill, 1],
  ["runner", runner, 4],
  ["server", server, 30],
] as const)("finds no fault in a short %s", async (_, scenario, rounds) => {
  const report = await scenario.run({ ...options, rounds });
  expect(report.faults).toEqual([]);
  expect(report.rounds).toBe(rounds);
});

it("finds no fault in a short serve", async () => {
  const report = await serve.run({ ...options, rounds: 1, minutes: 0.2 });
  // What grows shows in a longer one.
  expect(report.faults.filter(({ kind }) => !kind.endsWith("grows"))).toEqual([]);
  expect(report.rounds).toBeGreaterThan(0);
});

// Of its cases those that seconds decide: the others wait for what the documentation allows a silent engine.
it.each(["two Ctrl-C", "stop --force"] as const)(
  "finds no fault where a frozen sandbox is ended by %s",
  async (stop) => {
    const place = silenceCases().findIndex(
      (each) => each.freeze === "sandbox" && each.phase === "running" && each.stop === stop,
    );
    const report = await silence.run({ ...options, rounds: 1, from: place + 1 });
    expect(report.faults).toEqual([]);
    expect(report.rounds).toBe(1);
  },
);
