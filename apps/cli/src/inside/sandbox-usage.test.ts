import type { Sandbox, SandboxInfo, SandboxStats } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { usageCells } from "./print-usage.ts";
import { SandboxMeter, type SandboxUsage } from "./sandbox-usage.ts";

const createdAt = new Date("2026-11-20T10:00:00Z");

describe("what a sandbox uses", () => {
  it("is shown beside its limits", () => {
    const usage: Omit<SandboxUsage, "limits"> = {
      cpus: 1.25,
      memoryBytes: 1024 ** 2,
      processes: 4,
      oomKills: 0,
      top: [],
      createdAt,
    };
    const disk = { usedBytes: 3_072_000, totalBytes: 4_096_000 };
    expect(usageCells({ ...usage, limits: { cpus: 2, memoryMiB: 2048, pids: 100 }, disk })).toEqual([
      "125% / 200%",
      "1.0 MB / 2.1 GB",
      "3.1 MB / 4.1 MB",
      "4 / 100",
      "0",
    ]);
    expect(usageCells({ memoryBytes: 1024 ** 2, processes: 4, top: [], createdAt, limits: {} })).toEqual([
      "",
      "1.0 MB",
      "",
      "4",
      "",
    ]);
  });

  it("comes from the provider's statistics alone where nothing can be run inside", async () => {
    const stats: SandboxStats = { cpuMs: 100, memoryBytes: 5, processes: 2, oomKills: 1 };
    const meter = new SandboxMeter(
      {
        stats: async () => stats,
        info: async () => ({ createdAt, resources: { pids: 9 } }) as SandboxInfo,
        spawn: (async () => {
          throw new Error("there is no shell");
        }) as Sandbox["spawn"],
      },
      { stats: true },
    );
    const { signal } = new AbortController();
    const first = { memoryBytes: 5, processes: 2, oomKills: 1, top: [], limits: { pids: 9 }, createdAt };
    expect(await meter.measure(signal)).toEqual(first);
    expect(await meter.measure(signal)).toEqual({ ...first, cpus: 0 });
  });
});
