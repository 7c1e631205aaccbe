import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { Output } from "./output.ts";

function open(more: { readonly isTTY?: boolean; readonly columns?: number } = {}) {
  const stream = Object.assign(new PassThrough(), { isTTY: true, ...more });
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

describe("a line that is wider than the terminal", () => {
  const words = "one two three four five six";

  it.each([
    ["warning: ", "         "],
    ["  files  ", "         "],
    ["✓ ", "  "],
    ["  ! ", "    "],
    ["", "  "],
    // A row of a stranger's text stays one.
    ["│ ", "│ "],
    ["12:34:56  │ ", "          │ "],
  ])("breaks between words, below the text behind %j", (start, hang) => {
    const { output, text } = open({ columns: 26 });
    output.line(`${start}${words}`);
    const rows = text().trimEnd().split("\n");
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.every((row) => row.length <= 26)).toBe(true);
    expect(rows.slice(1).every((row) => row.startsWith(hang))).toBe(true);
    expect(rows.map((row, at) => row.slice((at === 0 ? start : hang).length)).join(" ")).toBe(words);
  });

  it("breaks where its caller says that its columns begin", () => {
    const { output, text } = open({ columns: 30 });
    output.line(`ok       disk  70 GiB free in the directory`, 15);
    expect(text()).toBe("ok       disk  70 GiB free in\n               the directory\n");
  });

  it("keeps colours, and a word that is wider than a row", () => {
    const { output, text } = open({ columns: 20 });
    const path = "/a/path/that/is/wider/than/the/row";
    output.line(`${output.colors.dim("where")} it is ${path} now`);
    expect(text()).toBe(`${output.colors.dim("where")} it is\n  ${path}\n  now\n`);
  });

  it("stays one line where no terminal shows it", () => {
    const { output, text } = open({ isTTY: false, columns: 20 });
    output.line(`warning: ${words}`);
    expect(text()).toBe(`warning: ${words}\n`);
  });
});
