import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunEvent } from "../../events/run-event.ts";
import { DirectoryLock } from "../../state/directory-lock.ts";
import { Journal } from "../journal/journal.ts";
import { Redactor } from "../journal/redactor.ts";
import type { RunResult } from "../run-result.ts";
import { writeDraft, writeRecord, writeResult } from "./run-record.ts";
import { createRunStore } from "./run-store.ts";

const runId = "20260101-000000-aaaaaa";
const startedAt = "2026-01-01T00:00:00.000Z";
const left = { state: "left", providerId: "p", sandboxId: "s", reason: "its process ended" } as const;
const manifest = [{ path: "made.txt", kind: "file", mode: "0644", size: 1, sha256: "0", change: "created" }] as const;
const files = { directory: "/o", complete: true, manifest: [...manifest], skipped: [], executable: [], bytes: 1 };
const recorded: RunResult = {
  v: 1,
  runId,
  outcome: "succeeded",
  reason: "Done.",
  exitCode: 5,
  cleanup: left,
  providerId: "p",
  sandboxId: "s",
  harnessId: "h",
  startedAt,
  durationMs: 1,
  files,
};
const { files: _, ...withoutFiles } = recorded;

let home: string;
let runDirectory: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "glovebox-finish-"));
  runDirectory = join(home, "runs", runId);
  mkdirSync(runDirectory, { recursive: true });
  writeRecord(runDirectory, {
    v: 1,
    runId,
    startedAt,
    providerId: "p",
    harnessId: "h",
    outputDirectory: "/o",
    promptPreview: "",
  });
});
afterEach(() => rmSync(home, { recursive: true }));

/** A run that came as far as this, and whose process has releases it. */
function died(end?: () => void): void {
  const lock = DirectoryLock.tryAcquire(runDirectory);
  if (lock === undefined) throw new Error("the lock was not free");
  const journal = new Journal({ runDirectory, runId, lock, redactor: new Redactor([]) });
  journal.append({ type: "run.state", to: "destroying" });
  end?.();
  lock.release();
}

async function eventsOf(options: { readonly follow?: boolean } = {}): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of createRunStore(home).events(runId, options)) events.push(event);
  return events;
}

describe("a run whose process died before it had written its result", () => {
  it("has what it came to and every file of it, as they were recorded before the sandbox was removed", async () => {
    died(() => writeDraft(runDirectory, recorded));
    const store = createRunStore(home);
    expect(await store.result(runId)).toEqual(recorded);
    expect(await store.list()).toMatchObject([{ phase: "ended", outcome: "succeeded", isLeftBehind: true }]);
    expect(readdirSync(runDirectory)).not.toContain("draft.json");
  });

  it("keeps a draft that knows more files than an earlier result", async () => {
    died(() => {
      writeResult(runDirectory, withoutFiles);
      writeDraft(runDirectory, recorded);
    });
    expect((await createRunStore(home).result(runId))?.files).toEqual(files);
  });

  it("keeps the result that outlived its draft", async () => {
    died(() => {
      writeResult(runDirectory, { ...recorded, exitCode: 0, cleanup: { state: "clean" } });
      writeDraft(runDirectory, recorded);
    });
    expect(await createRunStore(home).result(runId)).toMatchObject({ exitCode: 0, cleanup: { state: "clean" } });
    expect(readdirSync(runDirectory)).not.toContain("draft.json");
  });
});

it("gives a journal its last event where the process died right after it had written the result", async () => {
  died(() => writeResult(runDirectory, recorded));
  const followed = await eventsOf({ follow: true });
  expect(followed.map(({ type, seq }) => [type, seq])).toEqual([
    ["run.state", 1],
    ["run.end", 2],
  ]);
  expect(followed.at(-1)).toMatchObject({ outcome: "succeeded", exitCode: 5, cleanup: left });
  expect(await eventsOf()).toEqual(followed);
});

it("touches nothing while the run's process lives", async () => {
  const lock = DirectoryLock.tryAcquire(runDirectory);
  writeDraft(runDirectory, recorded);
  const store = createRunStore(home);
  expect(await store.result(runId)).toBeUndefined();
  expect(await store.list()).toMatchObject([{ isAlive: true }]);
  expect(lock?.isCurrent()).toBe(true);
  expect(readdirSync(runDirectory)).toContain("draft.json");
});

describe("a state file that is damaged", () => {
  const other = "20260102-000000-bbbbbb";

  beforeEach(() => {
    const otherRunDirectory = join(home, "runs", other);
    mkdirSync(otherRunDirectory);
    writeRecord(otherRunDirectory, {
      v: 1,
      runId: other,
      startedAt,
      providerId: "p",
      harnessId: "h",
      outputDirectory: "/o",
      promptPreview: "",
    });
  });

  it.each(["run.json", "result.json", "draft.json"])(
    "is named, %s, and hides no other run; it is not written over",
    async (name) => {
      died();
      for (const content of ["", '{"v":1,', "7", '{"v":1}']) {
        writeFileSync(join(runDirectory, name), content);
        const store = createRunStore(home);
        expect((await store.list()).map((run) => run.runId)).toEqual([other]);
        expect(await store.problems()).toEqual([
          expect.stringContaining(`${join(runDirectory, name)} cannot be read: `),
        ]);
        await expect(store.get(runId)).rejects.toMatchObject({
          code: "file",
          hint: expect.stringContaining("glovebox rm"),
        });
        expect(readFileSync(join(runDirectory, name), "utf8")).toBe(content);
      }
    },
  );

  it("is a directory in the journal's place", async () => {
    mkdirSync(join(runDirectory, "events.ndjson"));
    const store = createRunStore(home);
    expect((await store.list()).map((run) => run.runId)).toEqual([other]);
    expect(await store.problems()).toEqual([expect.stringContaining(runDirectory)]);
  });
});
