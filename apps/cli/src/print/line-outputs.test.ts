import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { Output } from "../output.ts";
import { LineOutputs } from "./line-outputs.ts";

function open(tail?: number) {
  const stream = new PassThrough();
  const output = new Output(stream, {});
  const terminal = { env: {}, cwd: "/", stdin: process.stdin, stdout: output, stderr: output };
  let count = 0;
  const lines = new LineOutputs(terminal, { tail, prefix: () => `${++count} ` });
  return { lines, text: () => String(stream.read() ?? "") };
}

it("puts its prefix before each line once, however it is written", () => {
  const { lines, text } = open();
  for (const piece of ["a", "b\nc", "", "\n"]) lines.stdout.write(piece);
  lines.stderr.line("d");
  lines.stdout.write("no end");
  lines.end();
  expect(text()).toBe("1 ab\n2 c\n3 d\n4 no end\n");
});

it("keeps the last lines back until they are wanted, then passes all on", () => {
  const { lines, text } = open(2);
  lines.stdout.write("a\nb\n");
  lines.stderr.line("c");
  expect(text()).toBe("");
  lines.release();
  lines.stdout.line("d");
  lines.end();
  expect(text()).toBe("2 b\n3 c\n4 d\n");
});
