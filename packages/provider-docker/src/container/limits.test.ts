import { describe, expect, it } from "vitest";
import type { EngineFacts } from "./engine-facts.ts";
import { defaultLimits, resolveLimits } from "./limits.ts";

const facts: EngineFacts = {
  version: "27.0.0",
  apiVersion: "1.41",
  operatingSystem: "Debian",
  containers: "linux",
  dataRoot: "/var/lib/docker",
  cpus: 8,
  memoryMiB: 32_000,
  limits: { memory: true, pids: true, cpus: true },
  storageDriver: "overlay2",
  diskQuota: false,
  seccomp: true,
  takesSeccompProfile: true,
  rootless: false,
  userNamespaces: false,
  runtimes: ["runc"],
};

describe("resolveLimits", () => {
  it("has defaults that fit the engine", () => {
    expect(resolveLimits({}, facts)).toEqual(defaultLimits);
    const small = resolveLimits({}, { ...facts, cpus: 2, memoryMiB: 2000 });
    expect(small).toEqual({ memoryMiB: 1500, pids: 1024, openFiles: 16_384, tmpMiB: 750, shmMiB: 750 });
  });

  it("takes what is asked", () => {
    const requested = { cpus: 1.5, memoryMiB: 512, pids: 64, openFiles: 256, tmpMiB: 16, shmMiB: 32 };
    expect(resolveLimits(requested, facts)).toEqual(requested);
  });

  it("leaves a default out where the engine cannot enforce it, and refuses one that was asked for", () => {
    const weak = { ...facts, limits: { memory: false, pids: false, cpus: false } };
    expect(resolveLimits({}, weak)).toEqual({ openFiles: 16_384, tmpMiB: 1024, shmMiB: 1024 });
    for (const requested of [{ cpus: 1 }, { memoryMiB: 512 }, { pids: 64 }, { diskMiB: 1024 }]) {
      expect(() => resolveLimits(requested, weak)).toThrow(expect.objectContaining({ code: "capability-unsupported" }));
    }
  });

  it("refuses more processors than there are", () => {
    expect(() => resolveLimits({ cpus: 9 }, facts)).toThrow(
      expect.objectContaining({ code: "capability-unsupported" }),
    );
  });
});
