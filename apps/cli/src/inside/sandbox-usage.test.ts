import { describe, expect, it } from "vitest";
import { usageCells } from "./print-usage.ts";
import { parseDisk } from "./sandbox-usage.ts";

describe("what a sandbox uses", () => {
  it("is shown beside its limits", () => {
    const disk = parseDisk("4096 1000 250\n");
    expect(disk).toEqual({ usedBytes: 3_072_000, totalBytes: 4_096_000 });
    const usage = { cpus: 1.25, memoryBytes: 1024 ** 2, processes: 4, oomKills: 0 };
    const limits = { cpus: 2, memoryMiB: 2048, pids: 100 };
    expect(usageCells({ ...usage, limits, ...(disk && { disk }) })).toEqual([
      "125% / 200%",
      "1.0 MB / 2.1 GB",
      "3.1 MB / 4.1 MB",
      "4 / 100",
      "0",
    ]);
    expect(usageCells({ ...usage, limits: {} })).toEqual(["125%", "1.0 MB", "", "4", "0"]);
  });

  it("has no disk where the sandbox tells none", () => {
    expect(parseDisk("stat: not found")).toBeUndefined();
  });
});
