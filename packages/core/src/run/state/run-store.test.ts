import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeRecord } from "./run-record.ts";
import { createRunStore } from "./run-store.ts";

const home = mkdtempSync(join(tmpdir(), "glovebox-store-"));
afterAll(() => rmSync(home, { recursive: true }));

const ids = ["20260101-000000-aaaa99", "20260102-000000-bbbb22", "20260103-000000-bbbb33"];
const unbegun = "20260104-000000-cccc44";
for (const runId of [...ids, unbegun]) {
  const runDirectory = join(home, "runs", runId);
  mkdirSync(runDirectory, { recursive: true });
  writeRecord(runDirectory, {
    v: 1,
    runId,
    startedAt: "2026-01-01T00:00:00.000Z",
    providerId: "p",
    harnessId: "h",
    outputDirectory: "/o",
    promptPreview: "",
  });
  const base = { v: 1, seq: 1, time: "2026-01-01T00:00:00.000Z", runId };
  const created = { ...base, type: "sandbox.created", providerId: "p", sandboxId: "s", expiresAt: base.time };
  if (runId !== unbegun) writeFileSync(join(runDirectory, "events.ndjson"), `${JSON.stringify(created)}\n`);
}
const get = async (reference: string) => (await createRunStore(home).get(reference)).runId;

describe("a run's reference", () => {
  it("is its id, a unique beginning or end of it, or its place, the newest first", async () => {
    expect(await get("20260102-000000-bbbb22")).toBe(ids[1]);
    expect(await get("20260101")).toBe(ids[0]);
    expect(await get("bbbb33")).toBe(ids[2]);
    expect(await get("1")).toBe(ids[2]);
    expect(await get("3")).toBe(ids[0]);
  });

  it("that is a short number is a place and never the end of an id", async () => {
    for (const place of ["4", "99", "22", "0"]) await expect(get(place)).rejects.toMatchObject({ code: "not-found" });
  });

  it("by place counts no run that never had a sandbox, which has its id all the same", async () => {
    expect(await get(unbegun)).toBe(unbegun);
    expect((await createRunStore(home).list()).map(({ hasBegun }) => hasBegun)).toEqual([false, true, true, true]);
  });

  it("that fits several, or none, says so", async () => {
    await expect(get("2026")).rejects.toMatchObject({ code: "not-found" });
    await expect(get("2026010")).rejects.toMatchObject({ code: "invalid-options" });
    await expect(get("zzzz")).rejects.toMatchObject({ code: "not-found" });
  });
});
