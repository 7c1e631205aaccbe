import { expect, test } from "vitest";
import { answerEncoding, bodyEncoding } from "./encoding.ts";

test.each([
  { header: undefined, expected: "identity" },
  { header: "", expected: "identity" },
  { header: "gzip", expected: "gzip" },
  { header: "GZIP;q=0.5", expected: "gzip" },
  { header: "gzip, deflate", expected: "identity" },
  { header: "gzip;q=0", expected: "identity" },
  { header: "br", expected: "identity" },
  { header: "*", expected: "identity" },
  { header: "*, identity;q=0", expected: "gzip" },
  { header: "gzip, identity;q=0", expected: "gzip" },
])("an answer to $header", ({ header, expected }) => {
  expect(answerEncoding(header)).toBe(expected);
});

test("what nothing would do for is refused", () => {
  expect(() => answerEncoding("identity;q=0")).toThrow(expect.objectContaining({ status: 406 }));
  expect(() => bodyEncoding("br")).toThrow(expect.objectContaining({ status: 400 }));
  expect([bodyEncoding(undefined), bodyEncoding("Identity"), bodyEncoding("gzip")]).toEqual([
    "identity",
    "identity",
    "gzip",
  ]);
});
