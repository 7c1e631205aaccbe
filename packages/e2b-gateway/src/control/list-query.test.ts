import { describe, expect, it } from "vitest";
import { takePage } from "./list-query.ts";

const keyOf = (item: string): string => `${item}__id`;
const page = (items: readonly string[], query: string) => takePage(items, new URLSearchParams(query), keyOf);

describe("takePage", () => {
  const all = ["5", "4", "3", "2", "1"];

  it("goes through a list to its end", () => {
    const first = page(all, "limit=2");
    const second = page(all, `limit=2&nextToken=${first.nextToken}`);
    const third = page(all, `limit=2&nextToken=${second.nextToken}`);
    expect([first.items, second.items, third.items]).toEqual([["5", "4"], ["3", "2"], ["1"]]);
    expect(third.nextToken).toBeUndefined();
    expect(page(all, "limit=5").nextToken).toBeUndefined();
    expect(page(all, "").items).toEqual(all);
  });

  it.each([
    ["falling", ["5", "3", "2"], ["3", "2"]],
    ["rising", ["1", "2", "5", "6"], ["5", "6"]],
  ])("continues after an item that is gone, in a %s list", (_, left, rest) => {
    const nextToken = Buffer.from(keyOf("4")).toString("base64url");
    expect(page(left, `nextToken=${nextToken}`).items).toEqual(rest);
  });

  it.each(["limit=0", "limit=101", "limit=x", "limit=1.5", "nextToken=x", "nextToken=%00"])("refuses %s", (query) => {
    expect(() => page(all, query)).toThrow(expect.objectContaining({ status: 400 }));
  });
});
