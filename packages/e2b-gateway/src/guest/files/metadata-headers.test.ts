import { expect, test } from "vitest";
import { readMetadata } from "./metadata-headers.ts";

test("keys are in lower case, the first of two counts, other headers do not", () => {
  const headers = ["X-Metadata-Author", "one", "x-metadata-author", "two", "X-Metadata-", "none", "Host", "h"];
  expect(readMetadata(headers)).toEqual({ author: "one" });
});

test.each([
  { name: "a key that is too long", headers: [`x-metadata-${"k".repeat(247)}`, "v"] },
  { name: "more than fits", headers: ["x-metadata-k", "v".repeat(4096)] },
  { name: "a value beyond ASCII", headers: ["x-metadata-k", "\xfc"] },
])("$name is refused", ({ headers }) => {
  expect(() => readMetadata(headers)).toThrow(expect.objectContaining({ status: 400 }));
});
