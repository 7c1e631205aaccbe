import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { Output } from "./output.ts";

function open() {
  const stream = Object.assign(new PassThrough(), { isTTY: true });
  return { output: new Output(stream, {}), text: () => String(stream.read()) };
}

it("prints one line of ours for one call, whatever a caller has let through", () => {
  const { output, text } = open();
  output.line(`name\nnext: ${"\u001b"}[2Jrm\u2028warning: x\u202e\u009b1m`);
  expect(text()).toBe("name\n│ next: rm\n│ warning: x\n");
});

it("keeps the colours that it gave", () => {
  const { output, text } = open();
  const line = `${output.colors.red("error:")} ${output.colors.bold(output.colors.dim("x"))}`;
  output.line(line);
  expect(text()).toBe(`${line}\n`);
});

it("prints JSON that a terminal shows as it is", () => {
  const { output, text } = open();
  output.json({ name: "\u009b31m\u202e\u{e0041}" });
  expect(text()).toBe('{"name":"\\u009b31m\\u202e\\udb40\\udc41"}\n');
});
