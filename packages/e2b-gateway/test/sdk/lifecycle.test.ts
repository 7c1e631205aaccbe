import { Sandbox, SandboxNotFoundError } from "e2b";
import { describe, expect, test } from "vitest";
import { sdkFixture } from "./sdk-fixture.ts";

const fixture = sdkFixture();

describe("pause and resume", () => {
  test("keep files, variables and what runs", async () => {
    const sandbox = await fixture.create({ envs: { KEPT: "through the pause" } });
    await sandbox.files.write("note.txt", "written before");
    const process = await sandbox.commands.run("sleep 3600", { background: true, timeoutMs: 0 });

    expect(await sandbox.pause()).toBe(true);
    expect(await sandbox.pause()).toBe(false);
    expect(await sandbox.isRunning()).toBe(false);
    expect((await sandbox.getInfo()).state).toBe("paused");

    const same = await Sandbox.connect(sandbox.sandboxId, { timeoutMs: 120_000 });
    expect(same.sandboxId).toBe(sandbox.sandboxId);
    expect(await sandbox.isRunning()).toBe(true);
    expect((await same.getInfo()).state).toBe("running");
    expect(await same.files.read("note.txt")).toBe("written before");
    expect((await same.commands.run("echo $KEPT")).stdout).toBe("through the pause\n");
    expect((await sandbox.commands.list()).map(({ pid }) => pid)).toContain(process.pid);
    const again = await same.commands.connect(process.pid);
    expect(again.pid).toBe(process.pid);
    expect(await again.kill()).toBe(true);
  });

  test("by the older names, and by the sandbox's own connect", async () => {
    const sandbox = await fixture.create();
    expect(await sandbox.betaPause()).toBe(true);
    expect(await sandbox.isRunning()).toBe(false);
    expect((await sandbox.connect()).sandboxId).toBe(sandbox.sandboxId);
    expect(await sandbox.isRunning()).toBe(true);
    expect(await Sandbox.pause(sandbox.sandboxId)).toBe(true);
  });

  test("without its memory a sandbox starts afresh on its files", async () => {
    const sandbox = await fixture.create({ envs: { KEPT: "yes" } });
    await sandbox.files.write("note.txt", "written before");
    const before = await sandbox.commands.run("sleep 3600", { background: true, timeoutMs: 0 });
    before.wait().catch(() => {});
    await sandbox.pause({ keepMemory: false });
    expect((await sandbox.getInfo()).state).toBe("paused");
    await sandbox.connect();
    expect(await sandbox.files.read("note.txt")).toBe("written before");
    expect((await sandbox.commands.list()).map(({ pid }) => pid)).not.toContain(before.pid);
    expect((await sandbox.commands.run("echo $KEPT; pgrep -c sleep || true")).stdout).toBe("yes\n0\n");
  });

  test("a paused sandbox can be killed", async () => {
    const sandbox = await fixture.create();
    await sandbox.pause();
    expect(await sandbox.kill()).toBe(true);
    await expect(sandbox.connect()).rejects.toBeInstanceOf(SandboxNotFoundError);
  });
});

describe("what happens at the time-out", () => {
  test("pause: it waits for a connect", async () => {
    const sandbox = await fixture.create({ lifecycle: { onTimeout: "pause" } });
    expect((await sandbox.getInfo()).lifecycle).toEqual({ onTimeout: "pause", autoResume: false });
    await sandbox.files.write("note.txt", "still there");
    await sandbox.setTimeout(1_000);
    await expect.poll(async () => (await sandbox.getInfo()).state, { timeout: 30_000 }).toBe("paused");
    expect(await sandbox.isRunning()).toBe(false);
    const same = await Sandbox.connect(sandbox.sandboxId, { timeoutMs: 60_000 });
    expect(await same.files.read("note.txt")).toBe("still there");
  });

  test("pause with auto-resume: the next request wakes it", async () => {
    const sandbox = await fixture.create({ lifecycle: { onTimeout: "pause", autoResume: true } });
    expect((await sandbox.getInfo()).lifecycle).toEqual({ onTimeout: "pause", autoResume: true });
    await sandbox.pause();
    expect((await sandbox.commands.run("echo awake")).stdout).toBe("awake\n");
    expect((await sandbox.getInfo()).state).toBe("running");
  });
});

describe("snapshots", () => {
  test("start sandboxes with the same files, outlive theirs and can be deleted", async () => {
    const sandbox = await fixture.create({ envs: { FROM: "the first" } });
    await sandbox.files.write("state.json", '{"step":1}');
    const { snapshotId } = await sandbox.createSnapshot();
    expect(await sandbox.isRunning()).toBe(true);
    await sandbox.files.write("state.json", '{"step":2}');
    expect((await sandbox.listSnapshots().nextItems()).map((snapshot) => snapshot.snapshotId)).toEqual([snapshotId]);
    await sandbox.kill();

    const copy = await fixture.createFrom(snapshotId);
    expect(await copy.files.read("state.json")).toBe('{"step":1}');
    expect((await copy.commands.run("whoami; pwd")).stdout).toBe("user\n/home/user\n");
    const all = Sandbox.listSnapshots();
    const listed: string[] = [];
    while (all.hasNext) listed.push(...(await all.nextItems()).map((snapshot) => snapshot.snapshotId));
    expect(listed).toContain(snapshotId);

    expect(await Sandbox.deleteSnapshot(snapshotId)).toBe(true);
    expect(await Sandbox.deleteSnapshot(snapshotId)).toBe(false);
    await expect(Sandbox.create(snapshotId)).rejects.toThrow(/^40[04]: /);
  });

  test("have names", async () => {
    const name = `named-${process.pid}`;
    const sandbox = await fixture.create();
    await sandbox.files.write("named.txt", "by name");
    const snapshot = await sandbox.createSnapshot({ name });
    try {
      expect(snapshot.names.some((full) => full.includes(name))).toBe(true);
      const copy = await fixture.createFrom(name);
      expect(await copy.files.read("named.txt")).toBe("by name");
    } finally {
      await Sandbox.deleteSnapshot(snapshot.snapshotId);
    }
  });
});

describe("fork", () => {
  test("copies the files into new sandboxes and leaves the first as it was", async () => {
    const sandbox = await fixture.create();
    const { endAt } = await sandbox.getInfo();
    await sandbox.files.write("state.txt", "before");
    const forks = await sandbox.fork({ count: 2, timeoutMs: 60_000 });
    expect(forks).toHaveLength(2);
    for (const fork of forks) {
      if (!(fork instanceof Sandbox)) throw fork;
      fixture.cleanUp(fork);
      expect(fork.sandboxId).not.toBe(sandbox.sandboxId);
      expect(await fork.files.read("state.txt")).toBe("before");
      await fork.files.write("state.txt", "changed in a fork");
    }
    expect(await sandbox.files.read("state.txt")).toBe("before");
    expect(await sandbox.isRunning()).toBe(true);
    expect((await sandbox.getInfo()).endAt).toEqual(endAt);
  });

  test("of one by its id", async () => {
    const sandbox = await fixture.create();
    const [fork] = await Sandbox.fork(sandbox.sandboxId);
    if (!(fork instanceof Sandbox)) throw fork ?? new Error("no fork");
    fixture.cleanUp(fork);
    expect((await fork.commands.run("echo forked")).stdout).toBe("forked\n");
  });
});
