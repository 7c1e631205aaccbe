import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { newRunId, type RunEvent } from "@glovebox/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore, type Store, type UserLimits } from "../src/index.ts";
import { collect } from "./support/collect.ts";
import { PostgresServer } from "./support/postgres-server.ts";

const claimant = { workerId: "w1", providers: ["docker"], leaseMs: 60_000 };
const other = { ...claimant, workerId: "w2" };
const dayMs = 24 * 60 * 60_000;

describe.each(["embedded", "postgresql"] as const)("a store on the %s engine", (engine) => {
  let store: Store;
  let directory: string;
  let postgres: PostgresServer | undefined;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "glovebox-store-"));
    if (engine === "postgresql") postgres = await PostgresServer.start();
    store = await openStore({ directory, ...(postgres && { databaseUrl: postgres.url }) });
  });

  afterAll(async () => {
    await store?.close();
    await postgres?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const newUser = async (limits: UserLimits = {}) =>
    (await store.users.create({ name: newRunId(), role: "runner", limits })).id;
  const newRun = (userId: string, more = {}) => ({
    ...{ id: newRunId(), userId, request: { prompt: "Hi" }, promptPreview: "Hi", harness: "claude-code" },
    ...{ provider: "docker", ...more },
  });
  const event = (runId: string, seq: number, message = "one"): RunEvent => ({
    ...{ v: 1, seq, time: new Date().toISOString(), runId },
    ...{ type: "run.progress", stage: "preparing", message },
  });
  const endAll = async () => {
    for (const run of await store.queue.claim(claimant, 100))
      await store.queue.end(run.id, run.epoch, { outcome: "succeeded", reason: "Done", exitCode: 0 });
  };
  const claimOne = async (more = {}) => {
    const run = newRun(await newUser(), more);
    await store.runs.create(run);
    const [claimed] = await store.queue.claim(claimant, 1);
    expect(claimed?.id).toBe(run.id);
    return { id: run.id, epoch: claimed?.epoch ?? 0 };
  };
  const end = (outcome: "succeeded" | "failed", costUsd = 0) => ({ outcome, reason: "Done", exitCode: 0, costUsd });

  it("claims runs by priority, then age, and gives each to one worker", async () => {
    const userId = await newUser();
    const [first, second, urgent] = [newRun(userId), newRun(userId), newRun(userId, { priority: 5 })];
    await store.runs.create(first);
    await store.runs.create(second);
    expect(await store.runs.create(urgent)).toMatchObject({ state: "queued", place: 1, labels: {} });
    expect(await store.runs.get(second.id)).toMatchObject({ place: 3 });
    expect(await store.queue.claim({ ...claimant, providers: ["e2b"] }, 5)).toEqual([]);
    const claims = await Promise.all([store.queue.claim(claimant, 2), store.queue.claim(other, 2)]);
    expect(claims.map((claimed) => claimed.length).sort()).toEqual([1, 2]);
    expect(new Set(claims.flat().map(({ id }) => id))).toEqual(new Set([first.id, second.id, urgent.id]));
    for (const { id, epoch } of claims.flat()) await store.queue.end(id, epoch, end("succeeded"));
  });

  it("starts no more runs than a user and a batch may have, and none past a budget", async () => {
    const limited = await newUser({ concurrentRuns: 1 });
    await store.runs.createAll([newRun(limited), newRun(limited)]);
    const userId = await newUser();
    await store.batches.create({ id: "b1", userId, request: {}, concurrency: 2, maxCostUsd: 1 });
    await store.runs.createAll([1, 2, 3, 4].map(() => newRun(userId, { batchId: "b1" })));
    const claimed = await store.queue.claim(claimant, 10);
    expect(claimed.map((run) => run.batchId ?? "alone").sort()).toEqual(["alone", "b1", "b1"]);
    expect(claimed.find(({ batchId }) => batchId === "b1")).toMatchObject({ maxCostUsd: 1 });
    for (const { id, epoch } of claimed) await store.queue.end(id, epoch, end("succeeded", 0.6));
    // The budget of the batch is used up; the user's next run may start.
    const next = await store.queue.claim(claimant, 10);
    expect(next.map((run) => run.batchId ?? "alone")).toEqual(["alone"]);
    for (const { id, epoch } of next) await store.queue.end(id, epoch, end("succeeded"));
    expect(await store.batches.get("b1")).toMatchObject({
      counts: { queued: 2, running: 0, ended: 2, succeeded: 2 },
      state: "running",
    });
    const { items } = await store.runs.list({ batchId: "b1", state: "queued" });
    for (const { id } of items) expect(await store.queue.cancel(id, "The batch was stopped")).toBe(true);
    expect(await store.batches.get("b1")).toMatchObject({ state: "ended", costUsd: 1.2 });
  });

  it("lets nothing be written by a worker that was superseded", async () => {
    const { id, epoch } = await claimOne();
    await store.queue.begin(id, epoch, { runId: id });
    await store.events.append(id, epoch, [event(id, 1)]);
    expect(await store.queue.heartbeat({ ...claimant, leaseMs: 0 }, [id])).toEqual(new Map([[id, epoch]]));
    const [taken] = await store.queue.claimLost(other);
    expect(taken).toMatchObject({ id, epoch: epoch + 1, workerId: "w2", hasBegun: true });
    expect(await store.runs.record(id)).toEqual({ runId: id });
    expect(await store.queue.heartbeat(claimant, [id])).toEqual(new Map());
    const writes = [
      store.events.append(id, epoch, [event(id, 2)]),
      store.queue.progress(id, epoch, { phase: "running" }),
      store.queue.begin(id, epoch, {}),
      store.queue.end(id, epoch, { outcome: "succeeded", reason: "Done", exitCode: 0, lastEvent: event(id, 2) }),
    ];
    await Promise.all(writes.map((write) => expect(write).rejects.toMatchObject({ code: "aborted" })));
    expect((await store.events.read(id)).length).toBe(1);
    // Its journal may be shorter than what the first worker has stored.
    await store.queue.end(id, epoch + 1, {
      ...end("failed"),
      lastEvent: { ...event(id, 1), type: "run.end" } as RunEvent,
    });
    expect((await store.events.read(id)).map(({ event: { type } }) => type)).toEqual(["run.progress", "run.end"]);
  });

  it("starts a run again whose worker went before its sandbox, and numbers its events on", async () => {
    const { id, epoch } = await claimOne();
    await store.events.append(id, epoch, [event(id, 1), event(id, 2)]);
    await store.queue.heartbeat({ ...claimant, leaseMs: 0 }, [id]);
    expect(await store.queue.claimLost(other)).toEqual([]);
    const [again] = await store.queue.claim(other, 1);
    expect(again).toMatchObject({ id, epoch: epoch + 1, eventOffset: 2 });
    await store.events.append(id, epoch + 1, [event(id, 1, "again")]);
    await store.events.append(id, epoch + 1, [event(id, 1, "again")]);
    const events = await store.events.read(id);
    expect(events.map(({ seq, event: { seq: own } }) => [seq, own])).toEqual([1, 2, 3].map((seq) => [seq, seq]));
    await store.queue.end(id, epoch + 1, end("succeeded"));
  });

  it("follows events from a number on to the end of the run", async () => {
    const { id, epoch } = await claimOne();
    const followed = collect(store.events.follow(id, 1));
    for (const seq of [1, 2, 3]) await store.events.append(id, epoch, [event(id, seq, "\u0000 and \u{1f600}")]);
    await store.queue.end(id, epoch, end("succeeded"));
    const events = await followed;
    expect(events.map(({ seq }) => seq)).toEqual([2, 3, 4]);
    expect(events[0]?.event).toMatchObject({ message: "\u0000 and \u{1f600}" });
  });

  it("asks the worker of a run, and gives its answer back", async () => {
    const { id, epoch } = await claimOne();
    const stop = store.commands.onCommand(async () => {
      for (const { id: command } of await store.commands.pending([id]))
        await store.commands.answer(command, { value: 7 });
    });
    expect(await store.commands.ask(id, { type: "stop" })).toEqual({ value: 7 });
    stop();
    await expect(store.commands.ask(id, { type: "stop" }, 100)).rejects.toMatchObject({ code: "timeout" });
    await store.queue.end(id, epoch, end("succeeded"));
  });

  it("lists runs in pages, newest first, by what is asked for", async () => {
    const userId = await newUser();
    const ids = [];
    for (let index = 0; index < 5; index++) {
      const labels = { team: index < 3 ? "red" : "blue" };
      ids.unshift((await store.runs.create(newRun(userId, { labels, promptPreview: `100% of ${index}` }))).id);
    }
    const pages = [];
    let cursor: string | undefined;
    do {
      const page = await store.runs.list({ userId }, { limit: 2, ...(cursor !== undefined && { cursor }) });
      pages.push(page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect((await store.runs.list({ userId, labels: { team: "blue" } })).items.length).toBe(2);
    expect((await store.runs.list({ userId, search: "100% OF 3" })).items.length).toBe(1);
    expect((await store.runs.list({ userId, search: "%%" })).items.length).toBe(0);
    await expect(store.runs.list({}, { cursor: "nonsense" })).rejects.toMatchObject({ code: "invalid-options" });
    await endAll();
  });

  it("serves each idempotency key once", async () => {
    const userId = await newUser();
    const request = { userId, key: "k", requestHash: "h", expiresAt: new Date(Date.now() + dayMs) };
    const reserved = await Promise.all([1, 2, 3].map(() => store.idempotency.reserve(request)));
    expect(reserved.filter((record) => record === undefined).length).toBe(1);
    await store.idempotency.complete({ ...request, status: 202, body: { id: 1 } });
    expect(await store.idempotency.reserve(request)).toMatchObject({ status: 202, body: { id: 1 }, requestHash: "h" });
  });

  it("deletes old runs, and blobs that nothing names", async () => {
    const { id, epoch } = await claimOne();
    const [kept, unused] = [
      await store.blobs.put(Readable.from(["kept"])),
      await store.blobs.put(Readable.from(["x"])),
    ];
    const contents = [{ kind: "file" as const, path: "a.txt", ...kept }];
    const files = { manifest: undefined, contents, count: 1, bytes: 4 };
    await store.queue.end(id, epoch, { ...end("succeeded"), files });
    const later = (days: number) => new Date(Date.now() + days * dayMs);
    expect(await store.maintenance.run()).toMatchObject({ blobs: 0 });
    await store.maintenance.run({ now: later(2), keepRunsMs: 30 * dayMs });
    expect(await Promise.all([store.blobs.has(kept.sha256), store.blobs.has(unused.sha256)])).toEqual([true, false]);
    await store.maintenance.run({ now: later(40), keepRunsMs: 30 * dayMs });
    expect(await store.runs.get(id)).toBeUndefined();
    expect(await store.blobs.has(kept.sha256)).toBe(false);
  });

  it("opens the embedded database for one process at a time", async () => {
    if (engine === "postgresql") return;
    await expect(openStore({ directory })).rejects.toMatchObject({ code: "invalid-options" });
  });

  it("continues after PostgreSQL was restarted", async () => {
    if (postgres === undefined) return;
    const { id, epoch } = await claimOne();
    const followed = collect(store.events.follow(id));
    await store.events.append(id, epoch, [event(id, 1)]);
    await postgres.restart();
    await expect
      .poll(() =>
        store.ping().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await store.events.append(id, epoch, [event(id, 2)]);
    await store.queue.end(id, epoch, end("succeeded"));
    expect((await followed).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });
});
