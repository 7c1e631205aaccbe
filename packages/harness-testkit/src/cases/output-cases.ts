import assert from "node:assert/strict";
import type { HarnessLine } from "@glovebox/core/harness";
import type { CaseContext } from "../case-context.ts";
import { malformed } from "../case-run/malformed-lines.ts";
import { parseAll } from "../case-run/parse-all.ts";
import type { HarnessCase } from "../harness-case.ts";

/** The longest line that a run gives to a parser is bounded by the run; a parser must bear one of this size, in characters. */
const hugeLine = 8 * 1024 * 1024;
const exited = { exitCode: 0, reason: "exited" } as const;

const printedBy = async (context: CaseContext) => (await context.success()).lines;

/** What is made of output that a hostile sandbox could print. Starts no program but the one whose output is changed. */
export const outputCases: readonly HarnessCase[] = [
  {
    name: "output/unknown-lines",
    title: "Lines that it does not know become harness.raw, none is dropped",
    async run({ harness }) {
      const lines = ["not json", "{", "[]", "null", "42", '{"type":"no-such-type"}', "\u0000\uffff", "{}"];
      const printed = lines.flatMap((line): HarnessLine[] => [
        { stream: "stdout", line },
        { stream: "stderr", line: `error output: ${line}` },
      ]);
      const { events, result } = await parseAll(harness, printed);
      const raw = events.flatMap((event) => (event.type === "harness.raw" ? [event.line] : []));
      for (const { line } of printed) assert.ok(raw.includes(line), `${JSON.stringify(line)} was dropped`);
      assert.equal(harness.outcome(result, exited, "").ok, false, "It calls unknown output a success");
    },
  },
  {
    name: "output/malformed-lines",
    title: "Lines whose values have other types, or that are cut, neither throw nor break the contract of events",
    async run(context) {
      await parseAll(context.harness, malformed(await printedBy(context)));
    },
  },
  {
    name: "output/huge-lines",
    title: "Lines of 8 MiB neither throw nor end the parser",
    async run(context) {
      const lines = await printedBy(context);
      const line = "x".repeat(hugeLine);
      const json = JSON.stringify({ type: "assistant", message: line });
      const huge: HarnessLine[] = [line, json].map((each) => ({ stream: "stdout", line: each }));
      const { result } = await parseAll(context.harness, [...huge, ...lines]);
      assert.equal(result?.ok, true, "The result after huge lines was lost");
    },
  },
  {
    name: "output/cut-off",
    title: "Output that ends anywhere before the result is no success, and every tool.start has its tool.end",
    async run({ harness, success }) {
      const { lines } = await success();
      const whole = await parseAll(harness, lines);
      for (let length = 0; length < lines.length; length += 1) {
        const { result } = await parseAll(harness, lines.slice(0, length));
        const { ok, message } = harness.outcome(result, exited, "");
        // What follows the result may be cut. Before it there is none, and what was said until then is not the answer.
        if (ok) assert.equal(message, whole.result?.message, `A success after ${length} of ${lines.length} lines`);
      }
    },
  },
  {
    name: "output/repeated",
    title: "Output that comes twice gives one result",
    async run(context) {
      const lines = await printedBy(context);
      const { events } = await parseAll(context.harness, [...lines, ...lines]);
      assert.equal(events.filter(({ type }) => type === "harness.result").length, 1);
    },
  },
];
