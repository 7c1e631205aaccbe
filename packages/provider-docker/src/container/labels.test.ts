import { describe, expect, it } from "vitest";
import { checkLabels, containerLabels, containerName, isSandbox, sandboxLabels } from "./labels.ts";

const labels = { "glovebox.owner": "me", "glovebox.run": "r1", team: "a=b,c" };
const spec = {
  labels,
  template: { providerId: "docker", reference: "image:tag", digest: "abc", reused: true },
  ttlMs: 1000,
  env: {},
  egress: { mode: "none" as const, models: [] },
  idempotencyKey: "key",
};

describe("labels", () => {
  it("gives a sandbox's own labels back, without the image's and the provider's", () => {
    const container = { maintainer: "somebody", ...containerLabels(spec) };
    expect(isSandbox(container)).toBe(true);
    expect(isSandbox(labels)).toBe(false);
    expect(sandboxLabels(container)).toEqual(labels);
  });

  it.each([
    ["a missing owner", { "glovebox.run": "r1" }],
    ["a missing run", { "glovebox.owner": "me" }],
    ["an upper-case key", { ...labels, Team: "a" }],
    ["a key with a space", { ...labels, "a b": "a" }],
    ["an empty key", { ...labels, "": "a" }],
    ["a key of 64 characters", { ...labels, ["k".repeat(64)]: "a" }],
    ["a value of 257 bytes", { ...labels, a: `${"é".repeat(128)}x` }],
    ["a value with a line break", { ...labels, a: "b\nc" }],
    ["a lone surrogate", { ...labels, a: "\ud800" }],
    ["one of the provider's own", { ...labels, "glovebox.docker.key": "a" }],
    ["17 labels", { ...labels, ...Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`k${i}`, "v"])) }],
  ])("refuses %s", (_, bad) => {
    expect(() => containerLabels({ ...spec, labels: bad as Record<string, string> })).toThrow(
      expect.objectContaining({ code: "invalid-options" }),
    );
  });

  it("takes the longest keys and values, and 16 of them", () => {
    const most = {
      ["k".repeat(63)]: "v".repeat(256),
      ...Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`${i}`, ""])),
    };
    expect(() => checkLabels(most)).not.toThrow();
  });

  it("names a container by its key, whatever the key holds", () => {
    expect(containerName("../../etc")).toMatch(/^glovebox-[0-9a-f]{32}$/);
    expect(containerName("a")).toBe(containerName("a"));
    expect(containerName("a")).not.toBe(containerName("b"));
  });
});
