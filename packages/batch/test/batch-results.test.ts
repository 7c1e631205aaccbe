import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type BatchEvent,
  type BatchRow,
  type Candidate,
  createBatchStore,
  formatBatchReport,
  passRate,
  pickBest,
  readBatchReport,
  readCandidates,
  type Verification,
} from "../src/index.ts";

let home: string;
beforeAll(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-results-")));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Everything that could mean something to a terminal, to Markdown, to HTML or to XML. */
const hostile = `<script>alert(1)</script> ]]> & "x" 'y' \u001b[31m\u0000\u202e\ufffe | \`code\` [a](javascript:b) @all https://evil.example`;

const row = (id: string, group: string, model: string): BatchRow => ({
  ...{
    id,
    group,
    model,
    source: "batch.yaml:1",
    prompt: `Fix it ${hostile}`,
    provider: "docker",
    harness: "claude-code",
  },
  ...{ components: {}, limits: {}, network: { allow: [] }, env: [], verify: "npm test" },
});

const verification = (passed: boolean, more: Partial<Verification> = {}): Verification => ({
  ...{ passed, verdict: passed ? "passed" : "failed", exitCode: passed ? 0 : 1, reason: hostile, cheats: [] },
  ...{ durationMs: 1000, outputTail: `output ${hostile}\nsecond line`, ...more },
});

const cheats = [{ kind: "test", path: `test/${hostile}.js`, message: "was deleted" }];

/** Two prompts with two models each: of the first both pass, one with a cheat; of the second one fails and one could not be verified. */
function writeBatch(id: string): void {
  const directory = join(home, "batches", id);
  mkdirSync(directory, { recursive: true });
  const rows = [
    row("r001", "one", "opus"),
    row("r002", "one", "haiku"),
    row("r003", "two", "opus"),
    row("r004", "two", "haiku"),
  ];
  const record = {
    ...{
      v: 1,
      id,
      createdAt: "2026-11-30T10:00:00.000Z",
      source: "batch.yaml",
      directory: "/p",
      outputDirectory: "/p/out",
    },
    ...{ concurrency: 2, providerConcurrency: {}, failFast: false, retries: 0, options: {}, rows },
  };
  const verifications = [
    verification(true),
    verification(true, { cheats }),
    verification(false, { cheats }),
    verification(false, { verdict: "not-verified", exitCode: null }),
  ];
  const time = "2026-11-30T10:00:00.000Z";
  const events = rows.flatMap((one, index): BatchEvent[] => {
    const attempt = { time, row: one.id, attempt: 1, runId: `20261130-10000${index}-aaaaaa` };
    const end = {
      outcome: "succeeded" as const,
      reason: hostile,
      exitCode: 0,
      durationMs: 60_000,
      costUsd: 0.5,
      tokens: 1000,
      isFinal: true,
    };
    return [
      { type: "row.started", ...attempt },
      { type: "row.ended", ...attempt, ...end, verification: verifications[index] as Verification },
    ];
  });
  writeFileSync(join(directory, "batch.json"), JSON.stringify(record));
  writeFileSync(join(directory, "journal.ndjson"), events.map((event) => `${JSON.stringify(event)}\n`).join(""));
}

describe("a report", () => {
  const report = async () => {
    writeBatch("20261130-100000-report");
    return await readBatchReport({ batches: createBatchStore(home), id: "20261130-100000-report", home });
  };

  it("counts the rows that were decided, with their interval, in all and by what differs", async () => {
    const { total, slices, rows } = await report();
    expect(total).toMatchObject({ rows: 4, costUsd: 2, tokens: 4000, passRate: { passed: 2, total: 3 } });
    expect(
      slices.map(({ by, slices }) => [by, slices.map(({ name, passRate }) => [name, passRate.passed, passRate.total])]),
    ).toEqual([
      [
        "group",
        [
          ["one", 2, 2],
          ["two", 0, 1],
        ],
      ],
      [
        "model",
        [
          ["opus", 1, 2],
          ["haiku", 1, 1],
        ],
      ],
    ]);
    expect(rows.map(({ passed, isDecided }) => [passed, isDecided])).toEqual([
      [true, true],
      [true, true],
      [false, true],
      [false, false],
    ]);
  });

  it("is a page that loads nothing, runs nothing and has no text of a run as markup", async () => {
    const html = formatBatchReport(await report(), "html");
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|javascript:alert|\son\w+=|https?:\/\/(?!evil\.example)|unsafe/);
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(openTags(html.replace(/<(meta|!doctype)[^>]*>|<rect[^>]*\/>/g, ""))).toEqual([]);
  });

  it("is XML in which nothing of a run is markup or a character that XML forbids", async () => {
    const xml = formatBatchReport(await report(), "junit");
    expect(xml).toMatch(/<testsuites name="glovebox batch [^"]+" tests="4" failures="1" errors="1" time="240.000">/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids.
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
    expect(xml).not.toMatch(/<script|&(?!(?:amp|lt|gt|quot|apos);)/);
    expect(openTags(xml.replace(/<\?[^>]*\?>/, ""))).toEqual([]);
  });

  it("is Markdown in which a prompt is neither a link, nor HTML, nor a cell of its own", async () => {
    const markdown = formatBatchReport(await report(), "markdown");
    expect(markdown).toContain("**67 % (21 %–94 %), 2 of 3**");
    expect(markdown).not.toMatch(/<script|(?<!\\)\]\(|https:\/\/|(?<!&#64;)@all/);
    const cells = markdown
      .split("\n")
      .filter((line) => /^\| r\d/.test(line))
      .map((line) => line.split(/(?<!\\)\|/).length);
    expect(cells).toEqual([10, 10, 10, 10]);
  });

  it("is the same JSON that it was made of", async () => {
    expect(JSON.parse(formatBatchReport(await report(), "json"))).toEqual(JSON.parse(JSON.stringify(await report())));
  });
});

it.each([
  [0, 0, [0, 1]],
  [0, 10, [0, 0.278]],
  [5, 10, [0.237, 0.763]],
  [10, 10, [0.722, 1]],
] as const)("gives %i of %i the interval %j", (passed, total, [low, high]) => {
  const rate = passRate(passed, total);
  expect(rate.low).toBeCloseTo(low, 3);
  expect(rate.high).toBeCloseTo(high, 3);
});

describe("the best candidate", () => {
  const candidate = (id: string, diffLines: number, costUsd: number, more: Partial<Candidate> = {}): Candidate => ({
    ...{
      id,
      group: "g",
      prompt: "p",
      provider: "docker",
      harness: "claude-code",
      runId: `run-${id}`,
      runDirectory: `/runs/${id}`,
    },
    ...{ status: "succeeded", passed: true, isDecided: true, reason: "", attempts: 1, durationMs: 1, tokens: 1 },
    ...{ verification: verification(true), changedFiles: [], diffLines, costUsd, ...more },
  });
  const failed = { status: "unverified", passed: false, verification: verification(false) } as const;

  it("is the verified one with the smallest diff, then the cheapest", async () => {
    const candidates = [
      candidate("r1", 3, 1),
      candidate("r2", 2, 2),
      candidate("r3", 2, 1),
      candidate("r4", 1, 0, failed),
    ];
    expect((await pickBest({ candidates })).candidate?.id).toBe("r3");
  });

  it("does not exist where none was verified, unless unverified ones may be taken", async () => {
    const candidates = [candidate("r1", 1, 1, failed), candidate("r2", 2, 1, failed)];
    expect(await pickBest({ candidates })).toEqual({ reason: "None of 2 candidates passed its verification" });
    expect((await pickBest({ candidates, unverified: true })).candidate?.id).toBe("r1");
  });

  it("is the one that the judge names in its last line, among those that may be taken", async () => {
    const candidates = [candidate("r1", 1, 1), candidate("r2", 2, 1), candidate("r3", 3, 1, failed)];
    const seen: string[][] = [];
    const judge = async (input: string) => {
      seen.push((JSON.parse(input) as { candidates: { id: string }[] }).candidates.map(({ id }) => id));
      return "I like\nr2\n";
    };
    expect((await pickBest({ candidates, judge })).candidate?.id).toBe("r2");
    expect(seen).toEqual([["r1", "r2"]]);
    for (const answer of ["r3", "", "r1; rm -rf /", "\u001b[31mr1"]) {
      await expect(pickBest({ candidates, judge: async () => answer })).rejects.toMatchObject({
        code: "invalid-options",
      });
    }
  });
});

it("asks for a group where a batch has several prompts", async () => {
  writeBatch("20261130-100000-groups");
  const batches = createBatchStore(home);
  const id = "20261130-100000-groups";
  await expect(readCandidates({ batches, id, home })).rejects.toMatchObject({ hint: "Its groups: one, two" });
  await expect(readCandidates({ batches, id, home, group: "three" })).rejects.toMatchObject({
    code: "invalid-options",
  });
  expect((await readCandidates({ batches, id, home, group: "two" })).map(({ id }) => id)).toEqual(["r003", "r004"]);
});

/** The tags of a text that are not closed, or closed out of order. */
function openTags(markup: string): string[] {
  const open: string[] = [];
  for (const [, end, name = "", selfClosed] of markup.matchAll(/<(\/?)([\w-]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (selfClosed) continue;
    if (end === "") open.push(name);
    else if (open.at(-1) === name) open.pop();
    else return [...open, `/${name}`];
  }
  return open;
}
