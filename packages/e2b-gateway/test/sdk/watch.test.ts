import { FileNotFoundError, type FilesystemEvent, FilesystemEventType, type Sandbox, SandboxError } from "e2b";
import { beforeAll, expect, test } from "vitest";
import { sdkFixture } from "./sdk-fixture.ts";

const fixture = sdkFixture();
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await fixture.keep();
});

/** Watches a directory of its own until the test is over. */
async function watched(directory: string, options: Parameters<Sandbox["files"]["watchDir"]>[2] = {}) {
  const events: FilesystemEvent[] = [];
  const handle = await sandbox.files.watchDir(directory, (event) => void events.push(event), options);
  const saw = (type: FilesystemEventType, name: string) =>
    expect
      .poll(() => events.map((event) => `${event.type} ${event.name}`), { timeout: 20_000 })
      .toContain(`${type} ${name}`);
  return { events, handle, saw };
}

test("created, written, changed, renamed and removed", async () => {
  await sandbox.files.makeDir("plain");
  const { saw, handle } = await watched("plain");
  await sandbox.files.write("plain/file.txt", "x");
  await saw(FilesystemEventType.CREATE, "file.txt");
  await saw(FilesystemEventType.WRITE, "file.txt");
  await sandbox.commands.run("chmod 600 file.txt", { cwd: "plain" });
  await saw(FilesystemEventType.CHMOD, "file.txt");
  await sandbox.files.rename("plain/file.txt", "plain/moved.txt");
  await saw(FilesystemEventType.RENAME, "file.txt");
  await saw(FilesystemEventType.CREATE, "moved.txt");
  await sandbox.files.remove("plain/moved.txt");
  await saw(FilesystemEventType.REMOVE, "moved.txt");
  await handle.stop();
});

test("what happens below is seen only when asked for", async () => {
  await sandbox.files.makeDir("flat/sub");
  const { events, saw, handle } = await watched("flat");
  await sandbox.files.write("flat/sub/hidden.txt", "x");
  await sandbox.files.write("flat/end.txt", "x");
  await saw(FilesystemEventType.WRITE, "end.txt");
  expect(events.filter(({ name }) => name.includes("hidden"))).toEqual([]);
  await handle.stop();
});

test("recursively, in directories that were there and in directories that come", async () => {
  await sandbox.files.makeDir("deep/old");
  const { saw, handle } = await watched("deep", { recursive: true });
  await sandbox.files.write("deep/old/file.txt", "x");
  await saw(FilesystemEventType.WRITE, "old/file.txt");
  await sandbox.files.makeDir("deep/new");
  await saw(FilesystemEventType.CREATE, "new");
  await sandbox.files.write("deep/new/file.txt", "x");
  await saw(FilesystemEventType.WRITE, "new/file.txt");
  await sandbox.files.makeDir("deep/new/er");
  await saw(FilesystemEventType.CREATE, "new/er");
  await sandbox.files.write("deep/new/er/file.txt", "x");
  await saw(FilesystemEventType.WRITE, "new/er/file.txt");
  await handle.stop();
});

test("with the entry of what changed, where it is still there", async () => {
  await sandbox.files.makeDir("entries");
  const { events, saw, handle } = await watched("entries", { includeEntry: true });
  await sandbox.files.write("entries/file.txt", "12345");
  await saw(FilesystemEventType.WRITE, "file.txt");
  const entry = events.findLast(({ type }) => type === FilesystemEventType.WRITE)?.entry;
  expect(entry).toMatchObject({ name: "file.txt", path: "/home/user/entries/file.txt", type: "file", owner: "user" });
  await handle.stop();
});

test("stopped, it says so once and tells nothing more", async () => {
  await sandbox.files.makeDir("stopped");
  const exits: unknown[] = [];
  const { events, handle } = await watched("stopped", { onExit: (error) => void exits.push(error) });
  await handle.stop();
  await expect.poll(() => exits, { timeout: 20_000 }).toHaveLength(1);
  await sandbox.files.write("stopped/file.txt", "x");
  await sandbox.commands.run("sleep 0.3");
  expect(events).toEqual([]);
});

test("its time-out ends it with an error", async () => {
  await sandbox.files.makeDir("timed");
  const exits: unknown[] = [];
  await watched("timed", { timeoutMs: 500, onExit: (error) => void exits.push(error) });
  await expect.poll(() => exits, { timeout: 20_000 }).toEqual([expect.objectContaining({ name: "TimeoutError" })]);
});

test("what is not there is not found, and a file is no directory", async () => {
  await expect(sandbox.files.watchDir("no-such-directory", () => {})).rejects.toBeInstanceOf(FileNotFoundError);
  await sandbox.files.write("a-file.txt", "x");
  await expect(sandbox.files.watchDir("a-file.txt", () => {})).rejects.toBeInstanceOf(SandboxError);
});
