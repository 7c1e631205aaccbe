import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { RunEvent, RunEventBody } from "../../events/run-event.ts";
import { runEventSchema } from "../../events/run-event.ts";
import { DirectoryLock } from "../../state/directory-lock.ts";
import { followJournal } from "./follow-journal.ts";
import { Journal, journalFile, readEvents } from "./journal.ts";
import { Redactor } from "./redactor.ts";

const directories: string[] = [];

function newRun() {
  const runDirectory = mkdtempSync(join(tmpdir(), "glovebox-journal-"));
  directories.push(runDirectory);
  const lock = acquire(runDirectory);
  return { runDirectory, lock, journal: open(runDirectory, lock) };
}

function acquire(runDirectory: string): DirectoryLock {
  const lock = DirectoryLock.tryAcquire(runDirectory);
  if (lock === undefined) throw new Error("the lock was not free");
  return lock;
}

function open(runDirectory: string, lock: DirectoryLock): Journal {
  return new Journal({ runDirectory, runId: "r", lock, redactor: new Redactor([]) });
}

function eventsOf(runDirectory: string): { readonly events: readonly RunEvent[]; readonly torn: boolean } {
  const events: RunEvent[] = [];
  return { events, ...readEvents(journalFile(runDirectory), (event) => events.push(event)) };
}

/** What a process that took the run over does to the lock. */
function supersede(runDirectory: string, epoch: number): void {
  appendFileSync(
    join(runDirectory, "epochs", String(epoch + 1)),
    JSON.stringify({ boot: "another", namespace: "", pid: 1, started: "" }),
  );
}

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

describe("Journal", () => {
  it("numbers events from 1 without gaps, each of them by the published schema", () => {
    const { runDirectory, journal } = newRun();
    journal.append({ type: "run.state", to: "preparing" });
    journal.append({ type: "warning", code: "a", message: "line\nbreak" });
    const { events, torn } = eventsOf(runDirectory);
    expect(events.map((event) => event.seq)).toEqual([1, 2]);
    for (const event of events) expect(runEventSchema.parse(event)).toEqual(event);
    expect(torn).toBe(false);
  });

  it("writes what a terminal would obey or hide as escapes, and reads it back as it was", () => {
    const { runDirectory, journal } = newRun();
    const message = "\u009b2J\u007f\u202e\u200b\u{e0041}\u2028\ud800";
    journal.append({ type: "warning", code: "a", message });
    expect(readFileSync(journalFile(runDirectory), "utf8")).toMatch(/^[\x20-\x7e]+\n$/);
    expect(eventsOf(runDirectory).events[0]).toMatchObject({ message });
  });

  it("continues after a line that a crash cut in the middle, and readers pass over it", () => {
    const { runDirectory, lock, journal } = newRun();
    journal.append({ type: "run.state", to: "preparing" });
    appendFileSync(journalFile(runDirectory), '{"v":1,"seq":2,"type":"warn');
    expect(eventsOf(runDirectory).torn).toBe(true);
    open(runDirectory, lock).append({ type: "run.state", to: "ended" });
    expect(eventsOf(runDirectory).events.map((event) => event.type)).toEqual(["run.state", "run.state"]);
  });

  it("counts an event of which a crash cut no more than the end of the line", () => {
    const { runDirectory, lock, journal } = newRun();
    journal.append({ type: "run.state", to: "preparing" });
    journal.append({ type: "run.state", to: "creating" });
    truncateSync(journalFile(runDirectory), statSync(journalFile(runDirectory)).size - 1);
    open(runDirectory, lock).append({ type: "run.state", to: "destroying" });
    expect(eventsOf(runDirectory).events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it("writes nothing once another process has taken the run over", () => {
    const { runDirectory, lock, journal } = newRun();
    journal.append({ type: "run.state", to: "preparing" });
    supersede(runDirectory, lock.epoch);
    const before = readFileSync(journalFile(runDirectory));
    expect(() => journal.append({ type: "run.state", to: "creating" })).toThrow(/taken this run over/);
    expect(() =>
      journal.end({ type: "run.end", outcome: "failed", reason: "", exitCode: 1, cleanup: { state: "clean" } }),
    ).toThrow(/taken this run over/);
    expect(readFileSync(journalFile(runDirectory))).toEqual(before);
  });
});

describe("Journal of a sandbox that says too much", () => {
  const request = {
    type: "network.request",
    host: "a.test",
    port: 443,
    method: "GET",
    decision: "denied",
    status: 403,
    requestBytes: 0,
    responseBytes: 0,
    durationMs: 1,
  } as const;
  const open = (runDirectory: string, lock: DirectoryLock) =>
    new Journal({ runDirectory, runId: "r", lock, redactor: new Redactor([]), limitBytes: 100_000 });
  const end = { type: "run.end", outcome: "failed", reason: "", exitCode: 4, cleanup: { state: "clean" } } as const;
  const forged: readonly RunEventBody[] = [
    { type: "text.delta", messageId: "m", text: "x".repeat(300) },
    { type: "reasoning.delta", messageId: "m", text: "x".repeat(300) },
    { type: "message.end", messageId: "m", role: "assistant", text: "x".repeat(300) },
    { type: "tool.start", callId: "c", name: "Bash", input: "x".repeat(300) },
    { type: "tool.end", callId: "c", status: "ok", output: "x".repeat(300) },
    { type: "harness.raw", stream: "stdout", line: "x".repeat(300) },
    { type: "harness.retry", attempt: 1, message: "x".repeat(300) },
    { type: "harness.compaction", message: "x".repeat(300) },
    { type: "harness.result", ok: true, reason: "done", message: "x".repeat(300) },
    { type: "usage", model: "x".repeat(300), input: 1, output: 1, cacheRead: 0, cacheWrite: 0, source: "harness" },
    { type: "run.progress", stage: "running", message: "x".repeat(300) },
    { type: "warning", code: "x", message: "x".repeat(300) },
    { type: "error", code: "x", message: "x".repeat(300), retryable: false },
  ];

  it.each(forged)(
    "writes each request after a flood of $type, says that something is missing, and keeps room for its last event",
    (event) => {
      const { runDirectory, lock } = newRun();
      const journal = open(runDirectory, lock);
      for (let index = 0; index < 1000; index++) journal.append(event);
      expect(statSync(journalFile(runDirectory)).size).toBeLessThan(64_000);
      for (let index = 0; index < 50; index++) journal.append({ ...request, path: `/${index}` });
      journal.append({ type: "run.state", to: "collecting" });
      journal.end(end);
      const { events } = eventsOf(runDirectory);
      const paths = events.flatMap((one) => (one.type === "network.request" ? [one.path] : []));
      expect(paths).toEqual(Array.from({ length: 50 }, (_, index) => `/${index}`));
      expect(events.filter((one) => one.type === "warning" && one.code === "journal-full")).toHaveLength(1);
      expect(events.slice(-2).map(({ type }) => type)).toEqual(["run.state", "run.end"]);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    },
  );

  it("leaves out what a single event of eight megabytes would fill, and nothing else", () => {
    const { runDirectory, lock } = newRun();
    const journal = open(runDirectory, lock);
    for (let index = 0; index < 50; index++)
      journal.append({ type: "tool.start", callId: `${index}`, name: "Bash", input: "x".repeat(8 * 1024 * 1024) });
    journal.append(request);
    expect(eventsOf(runDirectory).events.map(({ type }) => type)).toEqual(["warning", "network.request"]);
  });

  it("throws when requests fill it, after it has written the one that says so and those in flight", () => {
    const { runDirectory, lock } = newRun();
    const journal = open(runDirectory, lock);
    let written = 0;
    const flood = () => {
      for (; ; written++) journal.append({ ...request, path: `/${written}` });
    };
    expect(flood).toThrow(
      expect.objectContaining({ code: "quota", message: expect.stringContaining("egress was closed") }),
    );
    expect(() => journal.append({ ...request, path: "/in-flight" })).toThrow(/egress was closed/);
    journal.append({ type: "run.state", to: "collecting" });
    journal.end(end);
    const { events } = eventsOf(runDirectory);
    const paths = events.flatMap((one) => (one.type === "network.request" ? [one.path] : []));
    expect(paths).toEqual([...Array.from({ length: written + 1 }, (_, index) => `/${index}`), "/in-flight"]);
    expect(events.filter(({ type }) => type === "warning")).toMatchObject([
      { code: "journal-full", message: "The journal is full: egress was closed, and nothing goes out from here on" },
    ]);
    expect(statSync(journalFile(runDirectory)).size).toBeLessThan(101_000);
  });

  it("is read when it is larger than a string can be", () => {
    const { runDirectory, journal } = newRun();
    journal.append({ type: "run.state", to: "preparing" });
    for (let size = 64 * 1024 * 1024; size <= 640 * 1024 * 1024; size += 64 * 1024 * 1024) {
      truncateSync(journalFile(runDirectory), size);
      appendFileSync(journalFile(runDirectory), "\n");
    }
    journal.append({ type: "run.state", to: "creating" });
    expect(eventsOf(runDirectory).events.map((event) => event.seq)).toEqual([1, 2]);
  });
});

describe("followJournal", () => {
  it("gives two readers the same events, while they are written and afterwards", async () => {
    const { runDirectory, journal } = newRun();
    let growing = true;
    const read = async () => {
      const seen: RunEvent[] = [];
      for await (const event of followJournal(runDirectory, { isRunning: () => growing })) seen.push(event);
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
    const { runDirectory, journal } = newRun();
    journal.append({ type: "run.state", to: "preparing" });
    const seen: string[] = [];
    for await (const event of followJournal(runDirectory)) seen.push(event.type);
    expect(seen).toEqual(["run.state"]);
  });
});
