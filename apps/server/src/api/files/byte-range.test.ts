import { expect, it } from "vitest";
import { readRange } from "./byte-range.ts";

it.each([
  ["bytes=0-0", { start: 0, end: 0 }],
  ["bytes=2-5", { start: 2, end: 5 }],
  ["bytes=2-", { start: 2, end: 9 }],
  ["bytes=2-100", { start: 2, end: 9 }],
  ["bytes=-3", { start: 7, end: 9 }],
  ["bytes=-100", { start: 0, end: 9 }],
])("reads %s of ten bytes", (header, range) => expect(readRange(header, 10)).toEqual(range));

it.each([undefined, "", "bytes=-", "bytes=5-2", "bytes=0-1,3-4", "items=0-1", "bytes=a-b"])(
  "sends everything for %j",
  (header) => expect(readRange(header, 10)).toBeUndefined(),
);

it.each(["bytes=10-", "bytes=99-100", "bytes=-0"])("has nothing of %s", (header) =>
  expect(readRange(header, 10)).toBe("unsatisfiable"),
);
