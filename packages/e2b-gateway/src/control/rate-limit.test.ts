import { expect, it } from "vitest";
import { RateLimit } from "./rate-limit.ts";

it("lets a burst of twice the rate pass, then the rate, each name on its own", () => {
  const limit = new RateLimit(2);
  for (let count = 0; count < 4; count += 1) limit.take("one", 0);
  expect(() => limit.take("one", 0)).toThrow(expect.objectContaining({ status: 429, retryAfterSeconds: 1 }));
  limit.take("other", 0);
  limit.take("one", 500);
  expect(() => limit.take("one", 600)).toThrow(expect.objectContaining({ status: 429 }));
  for (let count = 0; count < 4; count += 1) limit.take("one", 60_000);
  expect(() => limit.take("one", 60_000)).toThrow();
});

it("says how long to wait where little passes", () => {
  const limit = new RateLimit(0.1);
  limit.take("one", 0);
  expect(() => limit.take("one", 0)).toThrow(expect.objectContaining({ retryAfterSeconds: 10 }));
});
