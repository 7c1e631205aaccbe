import { describe, expect, it } from "vitest";
import type { EngineFacts } from "./engine-facts.ts";
import { resolveLimits } from "./limits.ts";

const facts: EngineFacts = {
  version: "27.0.0",
  operatingSystem: "Debian",
  containers: "linux",
  dataRoot: "/var/lib/docker",
  cpus: 8,
  memoryMiB: 32_000,
  limits: { memory: true, pids: true, cpus: true },
  storageDriver: "overlay2",
  diskQuota: false,
  seccomp: true,
  rootless: false,
  userNamespaces: false,
  runtimes: ["runc"],
};

describe("resolveLimits", () => {
  it("has defaults that fit the engine", () => {
    expect(resolveLimits({}, facts)).toEqual({ cpus: 4, memoryMiB: 4096, pids: 1024, openFiles: 16_384, tmpMiB: 1024 });
    const small = resolveLimits({}, { ...facts, cpus: 2, memoryMiB: 2000 });
    expect(small).toEqual({ memoryMiB: 1500, pids: 1024, openFiles: 16_384, tmpMiB: 750 });
  });

  it("takes what is asked", () => {
    const asked = { cpus: 1.5, memoryMiB: 512, pids: 64, openFiles: 256, tmpMiB: 16 };
    expect(resolveLimits(asked, facts)).toEqual(asked);
  });

  it("leaves a default out where the engine cannot enforce it, and refuses one that was asked for", () => {
    const weak = { ...facts, limits: { memory: false, pids: false, cpus: false } };
    expect(resolveLimits({}, weak)).toEqual({ openFiles: 16_384, tmpMiB: 1024 });
    for (const asked of [{ cpus: 1 }, { memoryMiB: 512 }, { pids: 64 }, { diskMiB: 1024 }]) {
      expect(() => resolveLimits(asked, weak)).toThrow(expect.objectContaining({ code: "capability-unsupported" }));
    }
  });

  it("refuses more processors than there are", () => {
    expect(() => resolveLimits({ cpus: 9 }, facts)).toThrow(
      expect.objectContaining({ code: "capability-unsupported" }),
    );
  });

  it.each([
    { cpus: 0 },
    { cpus: Number.NaN },
    { memoryMiB: 6 },
    { memoryMiB: 512.5 },
    { pids: -1 },
    { openFiles: 1e9 },
    { tmpMiB: 0 },
    { disk: 5 },
  ])("refuses %j", (asked) => {
    expect(() => resolveLimits(asked, facts)).toThrow(expect.objectContaining({ code: "invalid-options" }));
  });
});
