import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { DirectoryLock } from "./directory-lock.ts";
import { thisProcess } from "./host-process.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "glovebox-lock-"));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(directory, { recursive: true });
});

function take(): DirectoryLock {
  const lock = DirectoryLock.tryAcquire(directory);
  if (lock === undefined) throw new Error("the lock was not free");
  return lock;
}

/** What another process that took the directory over has done to it. */
function heldBy(holder: Partial<ReturnType<typeof thisProcess>>, epoch = 1): string {
  mkdirSync(join(directory, "epochs"), { recursive: true });
  const file = join(directory, "epochs", String(epoch));
  appendFileSync(file, JSON.stringify({ ...thisProcess(), ...holder }));
  return file;
}

/** Sets a file's last activity back. */
function silentFor(file: string, ms: number): void {
  const then = new Date(Date.now() - ms);
  utimesSync(file, then, then);
}

it("is not given to a second taker while the first lives, however silent it is", () => {
  const lock = take();
  silentFor(join(directory, "epochs", "1"), 3_600_000);
  expect(DirectoryLock.tryAcquire(directory)).toBeUndefined();
  expect(lock.isCurrent()).toBe(true);
});

it("is taken from a process that is gone, and from an epoch that was cut short", () => {
  const lock = take();
  appendFileSync(join(directory, "epochs", "2"), '{"boot":');
  expect(lock.isCurrent()).toBe(false);
  expect(DirectoryLock.tryAcquire(directory)?.epoch).toBe(3);
});

it("is taken at once from a process whose number another one has today", () => {
  heldBy({ started: "1" });
  expect(DirectoryLock.isHeld(directory)).toBe(false);
  expect(DirectoryLock.tryAcquire(directory)?.epoch).toBe(2);
});

it("is free again once it was let go, to the same process too, and the first holder stays superseded", () => {
  const lock = take();
  lock.release();
  const next = DirectoryLock.tryAcquire(directory);
  expect(next?.isCurrent()).toBe(true);
  expect(lock.isCurrent()).toBe(false);
  lock.release();
  expect(DirectoryLock.isHeld(directory)).toBe(true);
});

it.each([
  ["before the last boot", { boot: "0d5c2f3e-another-boot" }],
  ["in another container", { namespace: "pid:[1]" }],
  ["where the system says neither", { boot: "", namespace: "" }],
])("holds for a process %s as long as it shows activity", (_, holder) => {
  const file = heldBy(holder);
  expect(DirectoryLock.isHeld(directory)).toBe(true);
  expect(DirectoryLock.tryAcquire(directory)).toBeUndefined();
  silentFor(file, 3 * 60_000);
  expect(DirectoryLock.isHeld(directory)).toBe(false);
  expect(DirectoryLock.tryAcquire(directory)?.epoch).toBe(2);
});

it("refreshes its heartbeat and leaves the holder's name whole", () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const lock = take();
  const file = join(directory, "epochs", "1");
  const before = readFileSync(file, "utf8");
  silentFor(file, 3_600_000);
  // Of a process that cannot be looked at.
  rmSync(file);
  heldBy({ namespace: "pid:[1]" });
  silentFor(file, 3_600_000);
  expect(DirectoryLock.isHeld(directory)).toBe(false);
  vi.advanceTimersByTime(10_000);
  expect(DirectoryLock.isHeld(directory)).toBe(true);
  lock.release();
  expect(before).toBe(JSON.stringify(thisProcess()));
  expect(readFileSync(file, "utf8")).toBe("");
});

it("makes nothing where it is only looked at", () => {
  expect(DirectoryLock.isHeld(join(directory, "runs", "one"))).toBe(false);
  expect(DirectoryLock.isHeld(directory)).toBe(false);
  expect(existsSync(join(directory, "runs"))).toBe(false);
  expect(readdirSync(directory)).toEqual([]);
});

it("keeps no more than the last two epochs, and whoever was superseded long ago stays so", () => {
  const first = take();
  for (let turn = 0; turn < 4; turn += 1) {
    heldBy({ started: "1" }, Math.max(...readdirSync(join(directory, "epochs")).map(Number)) + 1);
    take();
  }
  expect(readdirSync(join(directory, "epochs"))).toHaveLength(2);
  expect(first.isCurrent()).toBe(false);
});
