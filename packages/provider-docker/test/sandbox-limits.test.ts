import { describe, expect, it } from "vitest";
import { defaultLimits } from "../src/index.ts";
import { finish, run, sandboxFixture, shell } from "./sandbox-fixture.ts";

const fixture = sandboxFixture();
const mebibyte = 1024 * 1024;

describe("a sandbox's limits", () => {
  it("are what was asked, as the kernel has them", async () => {
    const resources = { cpus: 0.5, memoryMiB: 512, pids: 96, openFiles: 512, tmpMiB: 32, shmMiB: 80 };
    await using sandbox = await fixture.create({ resources });
    expect((await sandbox.info()).resources).toMatchObject(resources);
    const { stdout } = await shell(sandbox, "ulimit -Hn; df --output=size -k /tmp /dev/shm | tail -2; ulimit -c");
    expect(stdout.split(/\s+/).filter(Boolean)).toEqual(["512", String(32 * 1024), String(80 * 1024), "0"]);
    const { HostConfig } = await fixture.engine().getContainer(sandbox.id).inspect();
    expect(HostConfig).toMatchObject({
      Memory: 512 * mebibyte,
      MemorySwap: 512 * mebibyte,
      PidsLimit: 96,
      NanoCpus: 5e8,
    });
  });

  it("have defaults", async () => {
    await using sandbox = await fixture.create();
    const { resources } = await sandbox.info();
    expect(resources).toMatchObject({ pids: defaultLimits.pids, openFiles: defaultLimits.openFiles });
    expect(resources?.memoryMiB).toBeLessThanOrEqual(defaultLimits.memoryMiB);
    expect(resources?.tmpMiB).toBeLessThanOrEqual(defaultLimits.tmpMiB);
    expect(resources?.shmMiB).toBeGreaterThanOrEqual(256);
    expect(resources?.shmMiB).toBeLessThanOrEqual(defaultLimits.shmMiB);
  });

  it("end a process that takes too much memory, and the sandbox works on", async () => {
    await using sandbox = await fixture.create({ resources: { memoryMiB: 256 } });
    const greedy = await run(sandbox, ["python3", "-c", "x = []\nwhile True: x.append(bytearray(1 << 22))"]);
    expect(greedy.reason).toBe("oom");
    expect(greedy.exitCode).not.toBe(0);
    expect((await sandbox.stats()).oomKills).toBeGreaterThan(0);
    expect((await shell(sandbox, "echo alive")).stdout).toBe("alive\n");
  });

  it("stop a fork bomb, and the sandbox works on once it is quiet", async () => {
    await using sandbox = await fixture.create({ resources: { pids: 64, memoryMiB: 512 } });
    const bomb = await sandbox.spawn(["python3", "-c", forkBomb], { timeoutMs: 5000 });
    const { stdout } = await finish(bomb);
    expect(Number(stdout.trim())).toBeLessThan(64);
    await sandbox.quiesce();
    expect((await shell(sandbox, "echo alive")).stdout).toBe("alive\n");
  });

  it("bound /tmp, which programs may be run from", async () => {
    await using sandbox = await fixture.create({ resources: { tmpMiB: 8 } });
    const full = await shell(sandbox, "head -c 20000000 /dev/zero > /tmp/big");
    expect(full.exitCode).not.toBe(0);
    expect(full.stderr).toMatch(/no space left/i);
    const script = "rm /tmp/big; printf '#!/bin/sh\\necho ran' > /tmp/p; chmod +x /tmp/p; /tmp/p";
    expect((await shell(sandbox, script)).stdout).toBe("ran\n");
  });

  it("bound /dev/shm, which counts as memory", async () => {
    await using sandbox = await fixture.create({ resources: { memoryMiB: 256, shmMiB: 96 } });
    const full = await shell(sandbox, "head -c 120000000 /dev/zero > /dev/shm/big");
    expect(full.exitCode).not.toBe(0);
    expect(full.stderr).toMatch(/no space left/i);
    expect((await sandbox.stats()).memoryBytes).toBeGreaterThan(90 * mebibyte);
  });

  it("bound open files", async () => {
    await using sandbox = await fixture.create({ resources: { openFiles: 128 } });
    const { stderr } = await run(sandbox, ["python3", "-c", "x = [open('/dev/null') for _ in range(200)]"]);
    expect(stderr).toContain("Too many open files");
  });

  it.each([
    ["disk space where the storage has no quotas", { diskMiB: 1024 }],
    ["more processors than there are", { cpus: 1000 }],
  ])("are refused before anything is made: %s", async (_, resources) => {
    await expect(fixture.create({ resources })).rejects.toMatchObject({ code: "capability-unsupported" });
    expect(await fixture.list()).toEqual([]);
  });
});

const forkBomb = `
import os, time
made = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(1000)
        made += 1
except OSError:
    print(made, flush=True)
`;
