import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { RunEvent } from "../events/run-event.ts";
import { runEventSchema } from "../events/run-event.ts";
import { followJournal } from "./follow-journal.ts";
import { Journal, journalFile, readEvents } from "./journal.ts";
import { Redactor } from "./redactor.ts";
import { RunLock } from "./run-lock.ts";

const folders: string[] = [];

function newRun() {
  const runDir = mkdtempSync(join(tmpdir(), "glovebox-journal-"));
  folders.push(runDir);
  const lock = acquire(runDir);
  return { runDir, lock, journal: open(runDir, lock) };
}

function acquire(runDir: string): RunLock {
  const lock = RunLock.tryAcquire(runDir);
  if (lock === undefined) throw new Error("the lock was not free");
  return lock;
}

function open(runDir: string, lock: RunLock): Journal {
  return new Journal({ runDir, runId: "r", lock, redactor: new Redactor([]) });
}

function eventsOf(runDir: string): { readonly events: readonly RunEvent[]; readonly torn: boolean } {
  const events: RunEvent[] = [];
  return { events, ...readEvents(journalFile(runDir), (event) => events.push(event)) };
}

/** What a process that took the run over does to the lock. */
function supersede(runDir: string, epoch: number): void {
  appendFileSync(join(runDir, "epochs", String(epoch + 1)), JSON.stringify({ host: "elsewhere", pid: 1, started: "" }));
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe("Journal", () => {
  it("numbers events from 1 without gaps, each of them by the published schema", () => {
    const { runDir, journal } = newRun();
    journal.append({ type: "run.state", to: "preparing" });
    journal.append({ type: "warning", code: "a", message: "line\nbreak" });
    const { events, torn } = eventsOf(runDir);
    expect(events.map((event) => event.seq)).toEqual([1, 2]);
    for (const event of events) expect(runEventSchema.parse(event)).toEqual(event);
    expect(torn).toBe(false);
  });

  it("goes on after a line that a crash cut in the middle, and readers pass over it", () => {
    const { runDir, lock, journal } = newRun();
    journal.append({ type: "run.state", to: "preparing" });
    appendFileSync(journalFile(runDir), '{"v":1,"seq":2,"type":"warn');
    expect(eventsOf(runDir).torn).toBe(true);
    open(runDir, lock).append({ type: "run.state", to: "ended" });
    expect(eventsOf(runDir).events.map((event) => event.type)).toEqual(["run.state", "run.state"]);
  });

  it("writes nothing once another process has taken the run over", () => {
    const { runDir, lock, journal } = newRun();
    journal.append({ type: "run.state", to: "preparing" });
    supersede(runDir, lock.epoch);
    const before = readFileSync(journalFile(runDir));
    expect(() => journal.append({ type: "run.state", to: "creating" })).toThrow(/taken this run over/);
    expect(() =>
      journal.end({ type: "run.end", outcome: "failed", reason: "", exitCode: 1, cleanup: { state: "clean" } }),
    ).toThrow(/taken this run over/);
    expect(readFileSync(journalFile(runDir))).toEqual(before);
  });
});

describe("Journal of a sandbox that says too much", () => {
  it("ends at its limit, whatever kind of event it is flooded with, and keeps room for its last one", () => {
    const { runDir, lock } = newRun();
    const journal = new Journal({ runDir, runId: "r", lock, redactor: new Redactor([]), limitBytes: 100_000 });
    const flood = () => {
      for (let index = 0; index < 1000; index++)
        journal.append({ type: "tool.start", callId: `c${index}`, name: "Bash", input: "x".repeat(1000) });
    };
    expect(flood).toThrow(expect.objectContaining({ code: "quota" }));
    journal.end({ type: "run.end", outcome: "failed", reason: "", exitCode: 4, cleanup: { state: "clean" } });
    expect(statSync(journalFile(runDir)).size).toBeLessThan(101_000);
    const { events } = eventsOf(runDir);
    expect(events.at(-1)).toMatchObject({ type: "run.end", seq: events.length });
  });

  it("keeps room for what went over the network, past the harness's words", () => {
    const { runDir, lock } = newRun();
    const journal = new Journal({ runDir, runId: "r", lock, redactor: new Redactor([]), limitBytes: 100_000 });
    const request = { type: "network.request", host: "a.test", port: 443, method: "GET", decision: "denied" } as const;
    const sizes = { status: 403, requestBytes: 0, responseBytes: 0, durationMs: 1 };
    const flood = (append: () => void) => {
      for (let index = 0; index < 1000; index++) append();
      return statSync(journalFile(runDir)).size;
    };
    expect(flood(() => journal.append({ type: "harness.raw", stream: "stdout", line: "x".repeat(200) }))).toBeLessThan(
      51_000,
    );
    journal.append({ ...request, ...sizes });
    expect(flood(() => journal.append({ ...request, ...sizes, path: `/${"x".repeat(200)}` }))).toBeLessThan(76_000);
    const { events } = eventsOf(runDir);
    const told = events.filter(({ type }) => type !== "harness.raw");
    expect(told[1]).toMatchObject(request);
    expect(told.filter(({ type }) => type === "warning")).toMatchObject([
      { message: "The journal is full: the harness's words are left out from here on" },
      { message: "The journal is full: what goes over the network is left out from here on" },
    ]);
    expect(told.at(-1)?.type).toBe("warning");
  });

  it("is read when it is larger than a string can be", () => {
    const { runDir, journal } = newRun();
    journal.append({ type: "run.state", to: "preparing" });
    for (let size = 64 * 1024 * 1024; size <= 640 * 1024 * 1024; size += 64 * 1024 * 1024) {
      truncateSync(journalFile(runDir), size);
      appendFileSync(journalFile(runDir), "\n");
    }
    journal.append({ type: "run.state", to: "creating" });
    expect(eventsOf(runDir).events.map((event) => event.seq)).toEqual([1, 2]);
  });
});

describe("RunLock", () => {
  it("is not given to a second taker while the first lives", () => {
    const { runDir, lock } = newRun();
    expect(RunLock.tryAcquire(runDir)).toBeUndefined();
    expect(lock.isCurrent()).toBe(true);
  });

  it("is taken from a process that is gone, and from an epoch that was cut short", () => {
    const { runDir, lock } = newRun();
    appendFileSync(join(runDir, "epochs", "2"), '{"host":');
    expect(lock.isCurrent()).toBe(false);
    expect(RunLock.tryAcquire(runDir)?.epoch).toBe(3);
  });

  it("is free again once it was let go, to the same process too, and the first holder stays superseded", () => {
    const { runDir, lock } = newRun();
    lock.release();
    const next = RunLock.tryAcquire(runDir);
    expect(next?.isCurrent()).toBe(true);
    expect(lock.isCurrent()).toBe(false);
    lock.release();
    expect(RunLock.isHeld(runDir)).toBe(true);
  });

  it("counts a holder on another host as living", () => {
    const { runDir, lock } = newRun();
    supersede(runDir, lock.epoch);
    expect(RunLock.isHeld(runDir)).toBe(true);
    expect(RunLock.tryAcquire(runDir)).toBeUndefined();
  });
});

describe("followJournal", () => {
  it("gives two readers the same events, while they are written and afterwards", async () => {
    const { runDir, journal } = newRun();
    let growing = true;
    const read = async () => {
      const seen: RunEvent[] = [];
      for await (const event of followJournal(runDir, { mayGrow: () => growing })) seen.push(event);
      return seen;
    };
    const live = read();
    for (let index = 0; index < 500; index++)
      journal.append({ type: "harness.raw", stream: "stdout", line: `ü${index}` });
    journal.end({ type: "run.end", outcome: "succeeded", reason: "", exitCode: 0, cleanup: { state: "clean" } });
    growing = false;
    const events = await live;
    expect(events).toHaveLength(501);
    expect(await read()).toEqual(events);
  });

  it("ends where a dead writer stopped", async () => {
    const { runDir, journal } = newRun();
    journal.append({ type: "run.state", to: "preparing" });
    const seen: string[] = [];
    for await (const event of followJournal(runDir)) seen.push(event.type);
    expect(seen).toEqual(["run.state"]);
  });
});
