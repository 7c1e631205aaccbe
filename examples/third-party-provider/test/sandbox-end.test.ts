import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect, it, vi } from "vitest";
import { createBubblewrapProvider } from "../src/index.ts";

const stateDir = mkdtempSync(join(tmpdir(), "glovebox-bubblewrap-"));
const labels = { "glovebox.owner": "test", "glovebox.run": "sandbox-end" };
const lease = { idempotencyKey: "sandbox-end", labels, ttlMs: 3_600_000, env: {}, resources: {} };

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(stateDir, { recursive: true, force: true });
});

it("a sandbox that has stopped says when, also to whoever looks while that is being noted", async ({ skip }) => {
  slowTouch();
  const provider = createBubblewrapProvider({ stateDir });
  const { ready } = await provider.preflight();
  if (!ready && !process.env.CI) skip("bubblewrap is not ready here");
  const template = await provider.prepare({ base: { kind: "default" }, layers: [] });
  const sandbox = await provider.create({ ...lease, template, egress: { mode: "none", models: [] } });
  try {
    const running = await sandbox.spawn(["sleep", "1000"]);
    await sandbox.extend(1000);
    await running.exit;
    const look = async () => {
      for await (const { state, leaseEndsAt } of provider.list({ labels })) return { state, leaseEndsAt };
      throw new Error("The sandbox is gone");
    };
    let seen = await look();
    while (seen.state !== "stopped") {
      await delay(5);
      seen = await look();
    }
    expect(seen.leaseEndsAt).toBeInstanceOf(Date);
    expect(await look()).toEqual(seen);
    const woken = await provider.connect(sandbox.id, { wakeForMs: 60_000 });
    expect((await woken.info()).state).toBe("running");
  } finally {
    await provider.destroy(sandbox.id);
  }
}, 120_000);

/** Puts a `touch` first in the path that takes a second, as on a loaded machine. */
function slowTouch(): void {
  const bin = join(stateDir, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "touch"), '#!/bin/sh\nsleep 1\nexec /usr/bin/touch "$@"\n');
  chmodSync(join(bin, "touch"), 0o755);
  vi.stubEnv("PATH", `${bin}:${process.env.PATH}`);
}
