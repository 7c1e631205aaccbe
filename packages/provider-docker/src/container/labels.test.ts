import { describe, expect, it } from "vitest";
import { containerLabels, containerName, isSandbox, sandboxLabels } from "./labels.ts";

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

  it("names a container by its key, whatever the key holds", () => {
    expect(containerName("../../etc")).toMatch(/^glovebox-[0-9a-f]{32}$/);
    expect(containerName("a")).toBe(containerName("a"));
    expect(containerName("a")).not.toBe(containerName("b"));
  });
});
