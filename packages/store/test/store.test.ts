import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newRunId } from "@glovebox/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore, type Store } from "../src/index.ts";
import { PostgresServer } from "./support/postgres-server.ts";

describe.each(["embedded", "postgresql"] as const)("a store on the %s engine", (engine) => {
  let store: Store;
  let directory: string;
  let postgres: PostgresServer | undefined;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "glovebox-store-"));
    if (engine === "postgresql") postgres = await PostgresServer.start();
    store = await openStore({ directory, ...(postgres && { databaseUrl: postgres.url }) });
  }, 60_000);

  afterAll(async () => {
    await store?.close();
    await postgres?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const newUser = async (limits = {}) => await store.users.create({ name: newRunId(), role: "runner", limits });
  const newRun = (userId: string, more = {}) => ({
    ...{ id: newRunId(), userId, request: { prompt: "Hi" }, promptPreview: "Hi", harness: "claude-code" },
    ...{ provider: "docker", ...more },
  });

  it("claims runs by priority, then age, and gives each to one worker", async () => {
    const { id: userId } = await newUser();
    const [first, second, urgent] = [newRun(userId), newRun(userId), newRun(userId, { priority: 5 })];
    await store.runs.create(first);
    await store.runs.create(second);
    expect(await store.runs.create(urgent)).toMatchObject({ state: "queued", place: 1, labels: {} });
    expect(await store.runs.get(second.id)).toMatchObject({ place: 3 });
    const claimant = { workerId: "w1", providers: ["docker"], leaseMs: 60_000 };
    expect(await store.queue.claim({ ...claimant, providers: ["e2b"] }, 5)).toEqual([]);
    const claims = await Promise.all([
      store.queue.claim(claimant, 2),
      store.queue.claim({ ...claimant, workerId: "w2" }, 2),
    ]);
    expect(claims.map((claimed) => claimed.map(({ id }) => id))).toEqual([[urgent.id, first.id], [second.id]]);
  });
});
