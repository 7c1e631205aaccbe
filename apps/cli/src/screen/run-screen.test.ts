import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { Output } from "../output.ts";
import { RunScreen } from "./run-screen.ts";

/** What a terminal shows of the sequences that a screen uses. */
function terminal(env: Readonly<Record<string, string>> = {}) {
  const rows = [""];
  let row = 0;
  let raw = "";
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 40 });
  stream.on("data", (data: Buffer) => {
    raw += data.toString();
    for (const [part] of data.toString().matchAll(/\p{Cc}\[(?:2K|1A)|\p{Cc}|\P{Cc}+/gu)) {
      if (part === "\u001b[2K") rows[row] = "";
      else if (part === "\u001b[1A") row -= 1;
      else if (part === "\n") {
        row += 1;
        rows[row] ??= "";
      } else if (part !== "\r") rows[row] += part;
    }
  });
  const output = () => new Output(stream, { NO_COLOR: "1", ...env });
  return { stream, stdout: output(), stderr: output(), rows: () => rows.slice(0, row + 1), raw: () => raw };
}

const status = () => ({ facts: ["5s", "turn 1"], activity: "writing" });

it("keeps the status line below the agent's text, which is broken between words and never runs together", () => {
  const { stdout, stderr, rows } = terminal();
  const screen = new RunScreen({ stdout, stderr, status });
  screen.show();
  for (const word of "The quick brown fox jumps over the lazy dog".split(/(?<= )/)) screen.text(word);
  expect(rows().slice(0, -1)).toEqual(["│ The quick brown fox jumps over the", "│ lazy dog"]);
  expect(rows().at(-1)).toMatch(/^\S 5s · turn 1 · writing$/);
  screen.line("● Write a.txt");
  screen.text("Next.");
  screen.stop();
  expect(rows()).toEqual(["│ The quick brown fox jumps over the", "│ lazy dog", "● Write a.txt", "│ Next.", ""]);
});

it("takes every row of its own away after the terminal became narrower", () => {
  const { stream, stdout, stderr, raw } = terminal();
  const screen = new RunScreen({
    ...{ stdout, stderr, status: () => ({ facts: [], activity: "x".repeat(100) }) },
  });
  screen.show();
  stream.columns = 20;
  screen.stop();
  // 39 columns became two rows.
  expect(raw().endsWith("\r\u001b[2K\u001b[1A\r\u001b[2K")).toBe(true);
});

it.each([{ TERM: "dumb" }, { CI: "true" }])("animates nothing with %j", (env) => {
  const { stdout, stderr, raw } = terminal(env);
  const screen = new RunScreen({ stdout, stderr, status });
  screen.show();
  screen.text("Hello");
  screen.line("● Write a.txt");
  screen.stop();
  expect(raw()).toBe("│ Hello\n● Write a.txt\n");
});
