import * as current from "e2b";
import * as oldest from "e2b-2-45";
import { describe, expect, test } from "vitest";
import { sdkFixture } from "./sdk-fixture.ts";

sdkFixture();

// The oldest version's types are the current's but for options that came later; what is used here is in both.
const versions = [
  ["2.51", current],
  ["2.45", oldest as unknown as typeof current],
] as const;

describe.each(versions)("the SDK %s", (version, { Sandbox, CommandExitError, SandboxNotFoundError, TimeoutError }) => {
  test("goes through a sandbox's whole life", async () => {
    const metadata = { version, test: `life-${process.pid}` };
    const sandbox = await Sandbox.create({ timeoutMs: 120_000, metadata, envs: { GREETING: "hello" } });
    try {
      expect((await sandbox.commands.run("echo $GREETING")).stdout).toBe("hello\n");
      await expect(sandbox.commands.run("exit 4")).rejects.toBeInstanceOf(CommandExitError);
      await expect(sandbox.commands.run("sleep 60", { timeoutMs: 500 })).rejects.toBeInstanceOf(TimeoutError);

      const running = await sandbox.commands.run("cat", { background: true, stdin: true });
      await running.sendStdin("through\n");
      await running.closeStdin();
      expect((await running.wait()).stdout).toBe("through\n");

      await sandbox.files.write([
        { path: "directory/text.txt", data: "text" },
        { path: "directory/blob.txt", data: new Blob(["blob"]) },
      ]);
      await sandbox.files.write("directory/stream.txt", new Blob(["stream"]).stream());
      await sandbox.files.write("directory/packed.txt", "packed", { gzip: true });
      expect((await sandbox.files.list("directory")).map(({ name }) => name)).toEqual([
        "blob.txt",
        "packed.txt",
        "stream.txt",
        "text.txt",
      ]);
      expect(await sandbox.files.read("directory/packed.txt")).toBe("packed");

      const seen: string[] = [];
      const watch = await sandbox.files.watchDir("directory", ({ name }) => void seen.push(name));
      await sandbox.files.write("directory/new.txt", "x");
      await expect.poll(() => seen, { timeout: 20_000 }).toContain("new.txt");
      await watch.stop();

      let shown = "";
      const terminal = await sandbox.pty.create({
        cols: 80,
        rows: 24,
        onData: (data) => {
          shown += Buffer.from(data).toString();
        },
      });
      await sandbox.pty.sendInput(terminal.pid, new TextEncoder().encode("echo t$((40+2))\nexit\n"));
      await terminal.wait();
      expect(shown).toContain("t42");

      const listed = await Sandbox.list({ query: { metadata } }).nextItems();
      expect(listed.map(({ sandboxId }) => sandboxId)).toEqual([sandbox.sandboxId]);

      expect(await sandbox.pause()).toBe(true);
      const resumed = await Sandbox.connect(sandbox.sandboxId);
      expect(await resumed.files.read("directory/text.txt")).toBe("text");

      const [fork] = await resumed.fork();
      if (!(fork instanceof Sandbox)) throw fork ?? new Error("no fork");
      expect(await fork.files.read("directory/text.txt")).toBe("text");
      expect(await fork.kill()).toBe(true);
    } finally {
      expect(await sandbox.kill()).toBe(true);
    }
    await expect(Sandbox.connect(sandbox.sandboxId)).rejects.toBeInstanceOf(SandboxNotFoundError);
  });
});
