import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Output } from "../output.ts";
import { type ShowCostOptions, showCost } from "./show-cost.ts";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "glovebox-cost-"));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Answer {
  readonly at?: string;
  readonly model?: string;
  readonly costUsd?: number;
  readonly source?: "gateway" | "harness";
}

/** A run as it lies on the disk. */
function addRun(
  id: string,
  answers: readonly Answer[],
  more: { labels?: object; end?: object; scripted?: boolean } = {},
) {
  const directory = join(home, "runs", id);
  mkdirSync(directory, { recursive: true });
  const record = {
    v: 1,
    runId: id,
    startedAt: "2026-11-20T10:00:00.000Z",
    providerId: "docker",
    harnessId: "claude-code",
  };
  const place = { outputDirectory: "/nowhere", promptPreview: "Try", ...(more.labels && { labels: more.labels }) };
  writeFileSync(join(directory, "run.json"), JSON.stringify({ ...record, ...place }));
  const used = { input: 1000, output: 200, cacheRead: 30, cacheWrite: 4 };
  const events = answers.map(({ at = "2026-11-20T10:00:00.000", model = "claude-a", costUsd, source = "gateway" }) => ({
    ...{ type: "usage", model, ...used, source, time: new Date(at).toISOString() },
    ...(costUsd === undefined ? {} : { costUsd }),
  }));
  // A text that only looks like usage.
  const all = [
    { type: "text.delta", messageId: "m", text: '"type":"usage"' },
    ...events,
    ...(more.end ? [more.end] : []),
  ];
  const lines = all.map((event, index) => JSON.stringify({ v: 1, seq: index + 1, runId: id, ...event }));
  writeFileSync(join(directory, "events.ndjson"), `${lines.join("\n")}\n`);
  if (more.scripted) writeFileSync(join(directory, "scripted"), "");
}

async function cost(options: ShowCostOptions = {}) {
  const written = { stdout: "", stderr: "" };
  const into = (name: keyof typeof written) =>
    new Output(
      new Writable({
        write(chunk, _encoding, done) {
          written[name] += String(chunk);
          done();
        },
      }),
      {},
    );
  const terminal = { env: { GLOVEBOX_HOME: home }, cwd: home, stdin: process.stdin };
  const code = await showCost(options, { ...terminal, stdout: into("stdout"), stderr: into("stderr") });
  return { code, ...written, lines: written.stdout.trimEnd().split("\n") };
}

it("adds up days, the newest first, and the whole", async () => {
  addRun("20261120-1", [{ costUsd: 1 }, { costUsd: 0.25 }]);
  addRun("20261121-1", [{ at: "2026-11-21T10:00:00.000", costUsd: 2000 }]);
  const { lines, stderr } = await cost();
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ["DAY", "RUNS", "INPUT", "OUTPUT", "CACHE READ", "CACHE WRITE", "COST"],
    ["2026-11-21", "1", "1,000", "200", "30", "4", "$2,000.00"],
    ["2026-11-20", "1", "2,000", "400", "60", "8", "$1.25"],
    ["total", "2", "3,000", "600", "90", "12", "$2,001.25"],
  ]);
  expect(stderr).toBe("");
});

it("shows a cost that nobody knows as unknown, and never as nothing", async () => {
  addRun("20261120-1", [{ model: "priced", costUsd: 1 }, { model: "unpriced" }]);
  const { lines } = await cost({ by: "model" });
  expect(lines.slice(1).map((line) => line.split(/ {2,}/).at(-1))).toEqual(["$1.00", "unknown", "$1.00 + unknown"]);
  const json = (await cost({ by: "model", json: true })).lines.map((line) => JSON.parse(line));
  expect(json).toMatchObject([
    { key: "priced", costUsd: 1, isCostComplete: true },
    { key: "unpriced", isCostComplete: false },
  ]);
  expect(json[1]).not.toHaveProperty("costUsd");
  expect((await cost({ by: "model", csv: true })).stdout).toContain('"unpriced",1,1000,200,30,4,,false');
});

it("counts a batch's runs together, and runs of no batch apart", async () => {
  addRun("20261120-1", [{ costUsd: 1 }], { labels: { "glovebox.batch": "b1" } });
  addRun("20261120-2", [{ costUsd: 2 }], { labels: { "glovebox.batch": "b1" } });
  addRun("20261120-3", [{ costUsd: 0.5 }]);
  const { lines } = await cost({ by: "batch" });
  expect(lines.slice(1, 3).map((line) => line.split(/ {2,}/))).toEqual([
    ["b1", "2", "2,000", "400", "60", "8", "$3.00"],
    ["(none)", "1", "1,000", "200", "30", "4", "$0.5000"],
  ]);
});

it("takes the harness's own numbers where the gateway read nothing, and only then", async () => {
  const end = { type: "harness.result", costUsd: 0.75, time: "2026-11-20T10:00:01.000Z" };
  addRun("20261120-1", [{ source: "harness" }, { source: "harness" }], { end });
  addRun("20261120-2", [{ source: "harness" }, { costUsd: 2 }], { end });
  const { lines } = await cost({ by: "run" });
  expect(lines.slice(1, 3).map((line) => line.split(/ {2,}/))).toEqual([
    ["20261120-2", "1", "1,000", "200", "30", "4", "$2.00"],
    ["20261120-1", "1", "2,000", "400", "60", "8", "$0.7500"],
  ]);
});

it("leaves out what is before --since and from --until on, and says what a scripted model answered", async () => {
  addRun("20261120-1", [{ costUsd: 1 }, { at: "2026-11-22T10:00:00.000", costUsd: 4 }]);
  addRun("20261120-2", [{ costUsd: 1 }], { scripted: true });
  const day = { since: new Date("2026-11-20T00:00"), until: new Date("2026-11-21T00:00") };
  const { lines, stderr } = await cost(day);
  expect(lines.at(-1)).toMatch(/^total +1 .*\$1\.00$/);
  expect(stderr).toBe("Without 1 run with a scripted model, which cost nothing.\n");
  await expect(cost({ since: day.until, until: day.since })).rejects.toMatchObject({ code: "invalid-options" });
  await expect(cost({ json: true, csv: true })).rejects.toMatchObject({ code: "invalid-options" });
});

it("prints no formula and no control characters that a model calls itself", async () => {
  addRun("20261120-1", [{ model: '=HYPERLINK("x")\u001b[2J', costUsd: 1 }]);
  const { lines } = await cost({ by: "model", csv: true });
  expect(lines[1]).toMatch(/^"'=HYPERLINK\(""x""\)/);
  expect(lines[1]).not.toContain("\u001b");
});

it("warns of a run that cannot be read, and counts the others", async () => {
  addRun("20261120-1", [{ costUsd: 1 }]);
  addRun("20261120-2", [{ costUsd: 1 }]);
  writeFileSync(join(home, "runs", "20261120-2", "run.json"), "{");
  const { stderr, lines } = await cost();
  expect(stderr).toContain("20261120-2");
  expect(lines.at(-1)).toMatch(/^total +1 /);
});
