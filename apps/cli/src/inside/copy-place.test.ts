import { describe, expect, it } from "vitest";
import { parseCopyPlace } from "./copy-place.ts";

describe("a place to copy from or to", () => {
  it.each([
    ["1:/etc/hosts", { kind: "sandbox", run: "1", path: "/etc/hosts" }],
    ["20261130-abc:src/../out.txt", { kind: "sandbox", run: "20261130-abc", path: "/workspace/out.txt" }],
    ["1:.", { kind: "sandbox", run: "1", path: "/workspace" }],
    ["out.txt", { kind: "host", path: "/here/out.txt" }],
    ["./1:x", { kind: "host", path: "/here/1:x" }],
    ["/a:b", { kind: "host", path: "/a:b" }],
    ["-", { kind: "stream" }],
  ])("is read from %s", (text, place) => {
    expect(parseCopyPlace(text, "/here")).toEqual(place);
  });

  it("is refused without a path", () => {
    expect(() => parseCopyPlace("1:", "/here")).toThrow("names no path");
  });
});
