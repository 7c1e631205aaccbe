import type { RunSummary } from "@glovebox/core";
import { expect, it } from "vitest";
import { selectRuns } from "./select-runs.ts";
import { shortRunName } from "./short-run-name.ts";

function run(number: number, facts: Partial<RunSummary> = {}): RunSummary {
  const minute = String(59 - number).padStart(2, "0");
  return {
    ...{ runId: `20261120-08${minute}00-aaaa${number}${number}`, runDirectory: "/r", outputDirectory: "/o" },
    ...{ startedAt: new Date(`2026-11-20T08:${minute}:00Z`), phase: "ended", outcome: "succeeded" },
    ...{ isAlive: false, isLeftBehind: false, hasBegun: true, providerId: "docker", harnessId: "h", promptPreview: "" },
    ...facts,
  };
}

const runs = [
  run(0, { isAlive: true, hasBegun: false, phase: "preparing" }),
  run(1, { hasBegun: false, outcome: "failed" }),
  run(2, { outcome: "failed", labels: { team: "a", x: "" } }),
  run(3, { providerId: "e2b", labels: { team: "b" } }),
  ...Array.from({ length: 25 }, (_, index) => run(index + 4)),
  run(29, { isLeftBehind: true }),
];
const numbers = (filters: Parameters<typeof selectRuns>[1]) =>
  selectRuns(runs, filters).map((one) => runs.indexOf(one));

it("a list has the newest runs, those that need attention, and none that never had a sandbox", () => {
  const shown = numbers({});
  expect(shown.slice(0, 3)).toEqual([0, 2, 3]);
  expect(shown).toHaveLength(21);
  expect(shown.at(-1)).toBe(29);
  expect(numbers({ all: true })).toHaveLength(30);
});

it("filters look at every run", () => {
  expect(numbers({ state: ["failed"] })).toEqual([2]);
  expect(numbers({ state: ["failed"], all: true })).toEqual([1, 2]);
  expect(numbers({ state: ["running", "left"] })).toEqual([0, 29]);
  expect(numbers({ provider: "e2b" })).toEqual([3]);
  expect(numbers({ label: ["team"] })).toEqual([2, 3]);
  expect(numbers({ label: ["team=a", "x="] })).toEqual([2]);
  expect(numbers({ since: new Date("2026-11-20T08:56:00Z") })).toEqual([0, 2, 3]);
  expect(numbers({ state: ["succeeded"] })).toHaveLength(27);
});

it("a run is named by the end of its id while that names no other one", () => {
  const ids = [run(1).runId, run(2).runId, "20261120-080000-aaaa22", "mine"];
  expect(ids.map((id) => shortRunName(id, ids))).toEqual(["aaaa11", run(2).runId, "20261120-080000-aaaa22", "mine"]);
});
