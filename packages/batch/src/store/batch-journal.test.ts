import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DirectoryLock } from "@glovebox/core/state";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { BatchEvent } from "./batch-event.ts";
import { BatchJournal } from "./batch-journal.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "glovebox-journal-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const started = (row: string): BatchEvent => ({ type: "row.started", time: "t", row, attempt: 1, runId: "run" });

function withJournal(work: (journal: BatchJournal) => void): void {
  const lock = DirectoryLock.tryAcquire(directory);
  if (lock === undefined) throw new Error("held");
  try {
    using journal = new BatchJournal(directory, lock);
    work(journal);
  } finally {
    lock.release();
  }
}

it("ignores a last line that a crash has cut off, and continues behind the one before", () => {
  withJournal((journal) => journal.append(started("a")));
  appendFileSync(join(directory, "journal.ndjson"), '{"type":"row.star');
  expect(BatchJournal.read(directory)).toEqual([started("a")]);
  withJournal((journal) => journal.append(started("b")));
  expect(BatchJournal.read(directory)).toEqual([started("a"), started("b")]);
  expect(readFileSync(join(directory, "journal.ndjson"), "utf8").split("\n")).toHaveLength(3);
});

it("ignores events of types that it does not know, and names a damaged line", () => {
  const file = join(directory, "journal.ndjson");
  writeFileSync(file, `{"type":"row.paused","row":"a"}\n${JSON.stringify(started("a"))}\n`);
  expect(BatchJournal.read(directory)).toEqual([started("a")]);
  appendFileSync(file, '{"type":"row.started"}\n');
  expect(() => BatchJournal.read(directory)).toThrow(`${file}:3 is damaged`);
});

it("writes nothing once another process has taken the batch over", () => {
  withJournal((journal) => {
    writeFileSync(join(directory, "epochs", "2"), "");
    expect(() => journal.append(started("a"))).toThrow("Another process");
  });
  expect(BatchJournal.read(directory)).toEqual([]);
});
