import { describe, expect, it } from "vitest";
import { checkLabels, checkRequiredLabels } from "./check-labels.ts";

const provider = { id: "acme", name: "Acme" };
const labels = { "glovebox.owner": "me", "glovebox.run": "r1", team: "a=b,c" };

describe("labels", () => {
  it.each([
    ["an upper-case key", { ...labels, Team: "a" }],
    ["a key with a space", { ...labels, "a b": "a" }],
    ["an empty key", { ...labels, "": "a" }],
    ["a key of 64 characters", { ...labels, ["k".repeat(64)]: "a" }],
    ["a value of 257 bytes", { ...labels, a: `${"é".repeat(128)}x` }],
    ["a value with a line break", { ...labels, a: "b\nc" }],
    ["a lone surrogate", { ...labels, a: "\ud800" }],
    ["one of the provider's own", { ...labels, "glovebox.acme.key": "a" }],
    ["17 labels", { ...labels, ...Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`k${i}`, "v"])) }],
  ])("are refused with %s", (_, bad) => {
    expect(() => checkLabels(provider, bad)).toThrow(expect.objectContaining({ code: "invalid-options" }));
  });

  it.each([
    ["a missing owner", { "glovebox.run": "r1" }],
    ["a missing run", { "glovebox.owner": "me" }],
    ["an empty run", { "glovebox.owner": "me", "glovebox.run": "" }],
  ])("are refused for a sandbox with %s", (_, bad) => {
    expect(() => checkRequiredLabels(provider, bad)).toThrow(expect.objectContaining({ code: "invalid-options" }));
  });

  it("may have the longest keys and values, and be 16", () => {
    const most = {
      ["k".repeat(63)]: "v".repeat(256),
      ...Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`${i}`, ""])),
    };
    expect(() => checkLabels(provider, most)).not.toThrow();
  });
});
