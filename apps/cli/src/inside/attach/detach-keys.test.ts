import { expect, it } from "vitest";
import { DetachKeys } from "./detach-keys.ts";

function typed(keys: DetachKeys, ...pieces: string[]): string {
  let shown = "";
  for (const piece of pieces) {
    const { passed, isLeaving } = keys.take(Buffer.from(piece, "latin1"));
    shown += Buffer.from(passed).toString("latin1");
    if (isLeaving) return `${shown}<left>`;
  }
  return shown;
}

it("leaves on its keys, split or not, as bytes or as sequences of a keyboard protocol", () => {
  const keys = () => new DetachKeys("ctrl-p,ctrl-q");
  expect(typed(keys(), "ab\x10\x11cd")).toBe("ab<left>");
  expect(typed(keys(), "ab\x10", "\x11")).toBe("ab<left>");
  expect(typed(keys(), "\x1b[112;5u", "\x1b[27;5;113~")).toBe("<left>");
  expect(typed(new DetachKeys("ctrl-]"), "x\x1d")).toBe("x<left>");
  expect(typed(new DetachKeys("~,."), "~a~.")).toBe("~a<left>");
});

it("passes every other key, and the first of its keys once another follows", () => {
  const keys = () => new DetachKeys("ctrl-p,ctrl-q");
  expect(typed(keys(), "\x10a")).toBe("\x10a");
  expect(typed(keys(), "\x10\x10\x11")).toBe("\x10<left>");
  expect(typed(keys(), "\x11\xff\x80é")).toBe("\x11\xff\x80é");
  expect(typed(new DetachKeys(""), "\x10\x11")).toBe("\x10\x11");
});

it("refuses what is no key", () => {
  for (const text of ["ctrl-", "ctrl-1", "ab", ",", "ctrl-p,", "é"]) {
    expect(() => new DetachKeys(text), text).toThrow(/is not a key to detach with/);
  }
});
