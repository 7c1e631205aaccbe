import assert from "node:assert/strict";
import { test } from "node:test";
import { total } from "./prices.js";

test("adds prices by their counts", () => {
  assert.equal(
    total([
      { price: 2, count: 3 },
      { price: 5, count: 1 },
    ]),
    11,
  );
});
