import {
  AuthenticationError,
  E2B,
  InvalidArgumentError,
  NotFoundError,
  Sandbox,
  SandboxError,
  SandboxNotFoundError,
  TimeoutError,
} from "e2b";
import { describe, expect, test } from "vitest";
import { sdkFixture } from "./sdk-fixture.ts";

const fixture = sdkFixture();

describe("create and getInfo", () => {
  test("say the same of a sandbox", async () => {
    const before = Date.now();
    const metadata = { purpose: "a test", "käse & co": "ü=1&2 / ?" };
    const sandbox = await fixture.create({ timeoutMs: 120_000, metadata });
    const info = await sandbox.getInfo();

    expect(sandbox.sandboxId).toMatch(/^[a-z0-9]+$/);
    expect(info).toMatchObject({ sandboxId: sandbox.sandboxId, name: "base", metadata, state: "running" });
    expect(info.templateId).toMatch(/^[a-z0-9-]+$/);
    expect(info.startedAt.getTime()).toBeGreaterThanOrEqual(before - 5_000);
    expect(info.startedAt.getTime()).toBeLessThanOrEqual(Date.now() + 5_000);
    const leaseMs = info.endAt.getTime() - Date.now();
    expect(leaseMs).toBeGreaterThan(60_000);
    expect(leaseMs).toBeLessThanOrEqual(125_000);
    expect(info.cpuCount).toBeGreaterThan(0);
    expect(info.memoryMB).toBeGreaterThan(0);
    expect(info.envdVersion).toMatch(/^\d+\.\d+\.\d+$/);
    expect(info.lifecycle).toEqual({ onTimeout: "kill", autoResume: false });
    expect(await Sandbox.getInfo(sandbox.sandboxId)).toEqual(info);
  });

  test("give five minutes where no time-out was asked for", async () => {
    const { endAt } = await (await fixture.create()).getInfo();
    const leaseMs = endAt.getTime() - Date.now();
    expect(leaseMs).toBeGreaterThan(240_000);
    expect(leaseMs).toBeLessThanOrEqual(305_000);
  });

  test("take a template by name, and refuse one that does not exist", async () => {
    const sandbox = await fixture.createFrom("base");
    expect((await sandbox.getInfo()).name).toBe("base");

    const missing = await failure(Sandbox.create("no-such-template"));
    expect(missing).toBeInstanceOf(SandboxError);
    expect(missing.message).toContain("no-such-template");
  });

  test("refuse a wrong API key and a time-out that no plan gives", async () => {
    await expect(Sandbox.create({ apiKey: `e2b_${"f".repeat(40)}` })).rejects.toBeInstanceOf(AuthenticationError);
    const tooLong = await failure(Sandbox.create({ timeoutMs: 400 * 24 * 3_600_000 }));
    expect(tooLong.message).toMatch(/^400: /);
  });

  test("a client of its own needs no variables", async () => {
    const { apiKey, url } = fixture.gateway;
    const client = new E2B({ apiKey, apiUrl: url, sandboxUrl: url });
    const sandbox = await client.Sandbox.create();
    try {
      expect((await sandbox.commands.run("echo bound")).stdout).toBe("bound\n");
    } finally {
      expect(await sandbox.kill()).toBe(true);
    }
  });
});

describe("list", () => {
  test("filters by metadata, state and template, and pages", async () => {
    const group = `list-${process.pid}`;
    const first = await fixture.create({ metadata: { group, "a key": "a/b c&d=é" } });
    const second = await fixture.create({ metadata: { group, which: "second" } });
    const third = await fixture.create({ metadata: { group } });
    await third.pause();
    const ids = async (options: Parameters<typeof Sandbox.list>[0]) => {
      const found: string[] = [];
      const pages = Sandbox.list(options);
      while (pages.hasNext) found.push(...(await pages.nextItems()).map(({ sandboxId }) => sandboxId));
      return found;
    };

    expect((await ids({ query: { metadata: { group } } })).toSorted()).toEqual(
      [first, second, third].map(({ sandboxId }) => sandboxId).toSorted(),
    );
    expect(await ids({ query: { metadata: { group, "a key": "a/b c&d=é" } } })).toEqual([first.sandboxId]);
    expect(await ids({ query: { metadata: { group, which: "none" } } })).toEqual([]);
    expect(await ids({ query: { metadata: { group }, state: ["paused"] } })).toEqual([third.sandboxId]);
    expect(await ids({ query: { metadata: { group }, state: ["running"] } })).toHaveLength(2);
    expect(await ids({ query: { metadata: { group }, template: "base" } })).toHaveLength(3);
    expect(await ids({ query: { metadata: { group }, template: "another" } })).toEqual([]);

    const ascending = await ids({ query: { metadata: { group } }, order: "asc", limit: 1 });
    const descending = await ids({ query: { metadata: { group } }, order: "desc", limit: 2 });
    expect(ascending).toEqual([first.sandboxId, second.sandboxId, third.sandboxId]);
    expect(descending).toEqual(ascending.toReversed());
    const { startedAt } = await second.getInfo();
    expect((await ids({ query: { metadata: { group }, startedAfter: startedAt } })).toSorted()).toEqual(
      [second.sandboxId, third.sandboxId].toSorted(),
    );
  });

  test("returns pages of the requested size and a token for the next one", async () => {
    const group = `pages-${process.pid}`;
    await Promise.all([1, 2, 3].map(() => fixture.create({ metadata: { group } })));
    const query = { metadata: { group } };
    const pages = Sandbox.list({ query, limit: 2 });
    const page = await pages.nextItems();
    expect(page).toHaveLength(2);
    expect(pages.hasNext).toBe(true);
    const { nextToken } = pages;
    if (nextToken === undefined) throw new Error("no token for the next page");
    const rest = Sandbox.list({ query, limit: 2, nextToken });
    expect(await rest.nextItems()).toHaveLength(1);
    expect(rest.hasNext).toBe(false);
    await expect(rest.nextItems()).rejects.toThrow("No more items to fetch");
  });

  test("an invalid token is refused", async () => {
    await expect(Sandbox.list({ nextToken: "%%%" }).nextItems()).rejects.toThrow(/^400: /);
  });
});

describe("the end of a sandbox", () => {
  test("killed twice says true, then false; everything after says that it is gone", async () => {
    const sandbox = await fixture.create();
    expect(await sandbox.isRunning()).toBe(true);
    expect(await sandbox.kill()).toBe(true);
    expect(await sandbox.kill()).toBe(false);
    expect(await Sandbox.kill(sandbox.sandboxId)).toBe(false);
    expect(await sandbox.isRunning()).toBe(false);

    const refused = await Promise.all(
      [
        Sandbox.connect(sandbox.sandboxId),
        sandbox.connect(),
        sandbox.getInfo(),
        sandbox.setTimeout(10_000),
        sandbox.pause(),
        sandbox.getMetrics(),
        sandbox.createSnapshot(),
        sandbox.fork(),
        sandbox.updateNetwork({}),
        sandbox.commands.run("true"),
      ].map((gone) => failure(gone)),
    );
    for (const error of refused) {
      expect(error).toBeInstanceOf(SandboxNotFoundError);
      expect(error).toBeInstanceOf(NotFoundError);
    }
    await expect(sandbox.files.read("x")).rejects.toBeInstanceOf(TimeoutError);
    await expect(sandbox.files.list("/")).rejects.toBeInstanceOf(TimeoutError);
    await expect(sandbox.commands.list()).rejects.toBeInstanceOf(TimeoutError);
  });

  test("ids that nobody gave out are not found", async () => {
    for (const id of ["aaaaaaaaaaaaaaaaaaaa", "short", "nosuchsandboxatall-00000000"]) {
      expect(await Sandbox.kill(id)).toBe(false);
      await expect(Sandbox.getInfo(id)).rejects.toBeInstanceOf(SandboxNotFoundError);
      await expect(Sandbox.connect(id)).rejects.toBeInstanceOf(SandboxNotFoundError);
    }
  });

  test("a running command fails when its sandbox is killed, another sandbox's does not", async () => {
    const [doomed, other] = await Promise.all([fixture.create(), fixture.create()]);
    const lost = await doomed.commands.run("echo started; sleep 60", { background: true });
    const kept = await other.commands.run("read line; echo kept $line", { background: true, stdin: true });
    await doomed.kill();
    const error = await failure(lost.wait());
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.message).toContain("killed or reached its end of life");
    await kept.sendStdin("on\n");
    expect((await kept.wait()).stdout).toBe("kept on\n");
  });
});

describe("time-outs", () => {
  test("setTimeout counts from now, longer and shorter", async () => {
    const sandbox = await fixture.create({ timeoutMs: 60_000 });
    const leaseMs = async () => (await sandbox.getInfo()).endAt.getTime() - Date.now();
    await sandbox.setTimeout(600_000);
    expect(await leaseMs()).toBeGreaterThan(500_000);
    await sandbox.setTimeout(120_000);
    expect(await leaseMs()).toBeLessThanOrEqual(125_000);
  });

  test("connect extends and never shortens", async () => {
    const sandbox = await fixture.create({ timeoutMs: 200_000 });
    const leaseMs = async () => (await sandbox.getInfo()).endAt.getTime() - Date.now();
    await Sandbox.connect(sandbox.sandboxId, { timeoutMs: 20_000 });
    expect(await leaseMs()).toBeGreaterThan(150_000);
    await Sandbox.connect(sandbox.sandboxId, { timeoutMs: 900_000 });
    expect(await leaseMs()).toBeGreaterThan(800_000);
  });

  test("a sandbox ends by itself", async () => {
    const sandbox = await fixture.create({ timeoutMs: 60_000 });
    await sandbox.setTimeout(1_000);
    await expect.poll(() => sandbox.isRunning(), { timeout: 30_000 }).toBe(false);
    await expect(sandbox.getInfo()).rejects.toBeInstanceOf(SandboxNotFoundError);
    expect(await sandbox.kill()).toBe(false);
  });
});

test("what the SDK itself refuses never reaches the gateway", async () => {
  await expect(Sandbox.create({ lifecycle: { onTimeout: "kill", autoResume: true } })).rejects.toBeInstanceOf(
    InvalidArgumentError,
  );
  const aborted = AbortSignal.abort();
  await expect(Sandbox.create({ signal: aborted })).rejects.toThrow();
});

test("metrics say what the sandbox uses, and nothing of a time before it was", async () => {
  const sandbox = await fixture.create();
  const start = new Date();
  let metrics = await sandbox.getMetrics();
  await expect
    .poll(
      async () => {
        metrics = await sandbox.getMetrics();
        return metrics.length;
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThan(0);
  const [first] = metrics;
  expect(first?.timestamp).toBeInstanceOf(Date);
  expect(first?.cpuCount).toBeGreaterThan(0);
  expect(first?.cpuUsedPct).toBeGreaterThanOrEqual(0);
  expect(first?.memTotal).toBeGreaterThan(first?.memUsed ?? Number.NaN);
  expect(first?.diskTotal).toBeGreaterThan(0);
  const hour = 3_600_000;
  const range = { start: new Date(start.getTime() - 2 * hour), end: new Date(start.getTime() - hour) };
  expect(await sandbox.getMetrics(range)).toEqual([]);
});

async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => new Error("nothing was refused"),
    (error: Error) => error,
  );
}
