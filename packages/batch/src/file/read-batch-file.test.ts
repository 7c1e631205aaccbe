import { describe, expect, it } from "vitest";
import { readBatchFile } from "./read-batch-file.ts";

const read = (text: string, name = "batch.yaml") => readBatchFile({ text, name });

/** What the error says. */
function problemsOf(text: string, name?: string): string {
  try {
    read(text, name);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was read");
}

describe("readBatchFile", () => {
  it("reads defaults, a matrix and rows from YAML, with the line of each row", () => {
    const file = read(`
defaults: { limits: { timeout: 10m, maxCost: 2 } }
matrix: { models: [opus, haiku], agents: [reviewer, []] }
rows:
  - prompt: First
    env: NODE_ENV, CI
  - prompt: |
      Second
      line
    limits: { memory: 2g }
`);
    expect(file.defaults.limits).toEqual({ timeout: 600_000, maxCost: 2 });
    expect(file.matrix).toEqual({ models: ["opus", "haiku"], agents: ["reviewer", []] });
    expect(file.rows).toEqual([
      { source: "batch.yaml:5", input: { prompt: "First", env: ["NODE_ENV", "CI"] } },
      { source: "batch.yaml:7", input: { prompt: "Second\nline\n", limits: { memory: 2048 } } },
    ]);
  });

  it("reads one object per line from JSONL, and skips empty lines", () => {
    const { rows } = read('{"prompt":"a"}\n\n{"prompt":"b","limits":{"timeout":"5m"}}\n', "b.jsonl");
    expect(rows).toEqual([
      { source: "b.jsonl:1", input: { prompt: "a" } },
      { source: "b.jsonl:3", input: { prompt: "b", limits: { timeout: 300_000 } } },
    ]);
  });

  it("reads CSV with dotted keys, numbers and lists in cells, and skips empty cells", () => {
    const text =
      'prompt,limits.timeout,limits.maxCost,agents,network.allow\n"Fix, then test",5m,0.5,"a,b",\nSecond,,,,x.org\n';
    expect(read(text, "b.csv").rows.map(({ input }) => input)).toEqual([
      { prompt: "Fix, then test", limits: { timeout: 300_000, maxCost: 0.5 }, agents: ["a", "b"] },
      { prompt: "Second", network: { allow: ["x.org"] } },
    ]);
  });

  it("recognizes JSONL on standard input by its lines", () => {
    expect(read('{"prompt":"a"}\n{"prompt":"b"}\n', "standard input").rows).toHaveLength(2);
    expect(read("- prompt: a\n- prompt: b\n", "standard input").rows).toHaveLength(2);
  });

  it("names every problem at once, with its line, row, key and what was probably meant", () => {
    const text = `defaults:
  provder: docker
rows:
  - prompt: a
    timeout: 10m
  - id: second
    prompt: b
    limits:
      timeout: soon
      maxCost: -1
    network: { mode: standart }
`;
    expect(problemsOf(text).split("\n")).toEqual([
      "batch.yaml has 5 problems:",
      "line 2: defaults.provder: unknown key; did you mean provider?",
      "line 5: row 1: timeout: unknown key; did you mean limits.timeout?",
      "line 9: row 2 (second): limits.timeout: Expected a duration with its unit, such as 90s, 30m or 1h30m.",
      "line 10: row 2 (second): limits.maxCost: Expected a number above 0.",
      expect.stringMatching(/^line 11: row 2 \(second\): network.mode: .*did you mean "standard"\?$/),
    ]);
  });

  it.each([
    ["rows:\n  - prompt: [", "line 2"],
    ["just a text", "Expected `rows`"],
    ["", "it has no rows"],
    ["rows: []", "it has no rows"],
    ["rows:\n  - prompt: '  '", "line 2: row 1: prompt: The prompt is empty"],
    ["rows:\n  - prompt: a\n    env: [A=secret]", "Expected names of variables, without values"],
    ["rows:\n  - { prompt: a, prompt: b }", "line 2"],
    [`a: &a [1]\nb: &b [${"*a,".repeat(20)}]\nrows: [${"*b,".repeat(20)}]`, "alias"],
  ])("refuses %j", (text, message) => {
    expect(problemsOf(text)).toContain(message);
  });

  it("names the line of a JSONL file that is not JSON, and of a CSV file with a cell too many", () => {
    expect(problemsOf('{"prompt":"a"}\n{prompt}\n', "b.jsonl")).toContain("line 2: is not JSON");
    expect(problemsOf("prompt,id\na,b,c\n", "b.csv")).toContain("line 2");
    expect(problemsOf("prompt,timeout\na,5m\n", "b.csv")).toContain(
      "timeout: unknown key; did you mean limits.timeout?",
    );
  });
});
