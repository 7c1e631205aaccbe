import { expect, it } from "vitest";
import { openCutStage } from "./support/cut-stage.ts";
import { cutStreams } from "./support/cut-streams.ts";

const timeout = 600_000;

// For longer: `pnpm stress cut`.
it("nothing is lost or doubled, and no exit is false, when streams are cut", { timeout }, async () => {
  await using stage = await openCutStage(2);
  const report = await cutStreams({ ...stage, cuts: 30, processes: 2, seed: 1 });
  expect(report.faults).toEqual([]);
  expect(Object.values(report.cuts).reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(30);
});
