import { expect, it } from "vitest";
import { tableLines } from "./table.ts";

const head = ["RUN", "STATE", "PROMPT"];

it("pads columns by what is seen, not by the number of characters", () => {
  expect(tableLines(head, [["a", "好的", "x"]])).toEqual(["RUN  STATE  PROMPT", "a    好的   x"]);
});

it("fits a terminal: the last column gives way first, then the widest", () => {
  const row = ["k3f9xq", "succeeded, sandbox kept", "Build a todo app with tests and a page that shows them"];
  for (const columns of [80, 60, 40, 30]) {
    const [, line = ""] = tableLines(head, [row], columns);
    expect(line.length).toBeLessThanOrEqual(columns);
    expect(line).toContain("k3f9xq");
    expect(line.endsWith("…")).toBe(true);
  }
  expect(tableLines(head, [row])[1]).toContain("shows them");
});

it("makes one line of every cell", () => {
  expect(tableLines(["A", "B"], [["x\ny", "z\u001b[2J"]])).toEqual(["A    B", "x y  z"]);
});
