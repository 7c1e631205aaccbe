import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createDockerProvider } from "../src/index.ts";
import { finish, run, sandboxFixture, shell, until } from "./sandbox-fixture.ts";

const fixture = sandboxFixture();

async function readText(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return Buffer.concat(read).toString("utf8");
}

async function* text(value: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(value);
}

describe("a sandbox's life", () => {
  it("runs programs with its environment and nothing of the host's, and is gone when destroyed", async () => {
    const sandbox = await fixture.create({ env: { PATH: "/usr/bin:/bin", HOME: "/home/agent", GREETING: "a b$c" } });
    const { stdout, exitCode } = await run(sandbox, ["env"]);
    expect(exitCode).toBe(0);
    expect(stdout.split("\n")).toContain("GREETING=a b$c");
    expect(stdout).not.toContain("GLOVEBOX_SUPERVISOR");
    expect((await shell(sandbox, "pwd; id -u; id -g; exit 7")).stdout).toBe("/workspace\n1000\n1000\n");
    await sandbox.destroy();
    await expect(fixture.engine().getContainer(sandbox.id).inspect()).rejects.toMatchObject({ statusCode: 404 });
    await expect(fixture.provider.connect(sandbox.id)).rejects.toMatchObject({ code: "not-found" });
    await expect(sandbox.spawn(["true"])).rejects.toMatchObject({ code: "lost" });
    await sandbox.destroy();
    await fixture.provider.destroy(sandbox.id);
  });

  it("is destroyed under a running process, whose exit is then unknown", async () => {
    const sandbox = await fixture.create();
    const process = await sandbox.spawn(["sleep", "1000"]);
    await Promise.all([sandbox.destroy(), fixture.provider.destroy(sandbox.id)]);
    expect(await process.exit).toMatchObject({ exitCode: null, reason: "lost" });
  });

  it("is connected to by another provider, which sees its processes and files, and lives on when that releases it", async () => {
    await using sandbox = await fixture.create();
    const process = await sandbox.spawn(["sh", "-c", "echo early; read line; echo $line"], {
      stdin: "open",
      output: "detached",
      tag: "reader",
    });
    {
      await using other = await createDockerProvider().connect(sandbox.id);
      await other.files.writeStream("/workspace/from-other", text("hello"));
      const [found] = (await other.processes()).filter(({ tag }) => tag === "reader");
      expect(found).toMatchObject({ id: process.id });
      const attached = await other.attach(process.id, 0);
      await attached.write(Buffer.from("late\n"));
      expect((await finish(attached)).stdout).toBe("early\nlate\n");
    }
    expect(await readText(await sandbox.files.readStream("/workspace/from-other"))).toBe("hello");
  });

  it("is listed by its labels, with what they were created with", async () => {
    const labels = { "glovebox.owner": fixture.owner, "glovebox.run": "listed", team: "a=b" };
    await using sandbox = await fixture.create({ labels });
    await using _other = await fixture.create();
    const infos = await fixture.list({ "glovebox.owner": fixture.owner, team: "a=b" });
    expect(infos).toEqual([
      expect.objectContaining({
        id: sandbox.id,
        providerId: "docker",
        state: "running",
        labels,
        templateDigest: fixture.template().digest,
        rootInside: false,
      }),
    ]);
    expect(Math.abs(Date.now() - Number(infos[0]?.createdAt.getTime()))).toBeLessThan(60_000);
    expect(await fixture.list({ "glovebox.owner": "nobody" })).toEqual([]);
  });

  it("has a lease that is read live and can be extended", async () => {
    await using sandbox = await fixture.create({ ttlMs: 60_000 });
    const before = (await sandbox.info()).leaseEndsAt?.getTime() ?? 0;
    expect(before - Date.now()).toBeGreaterThan(30_000);
    expect(before - Date.now()).toBeLessThan(61_000);
    const extended = await sandbox.extend(600_000);
    const after = (await sandbox.info()).leaseEndsAt?.getTime() ?? 0;
    expect(Math.abs(after - extended.getTime())).toBeLessThan(2000);
    expect(after - before).toBeGreaterThan(500_000);
  });

  it("stops when its lease ends, and can be woken with its files", async () => {
    const sandbox = await fixture.create({ ttlMs: 5000 });
    await sandbox.files.writeStream("/workspace/work", text("worth keeping"));
    const process = await sandbox.spawn(["sleep", "1000"]);
    expect((await process.exit).reason).not.toBe("exited");
    await until(async () => (await sandbox.info()).state === "stopped", "the sandbox stops");
    const { leaseEndsAt } = await sandbox.info();
    expect(leaseEndsAt?.getTime()).toBeLessThanOrEqual(Date.now());
    await expect(fixture.provider.connect(sandbox.id)).rejects.toMatchObject({ code: "stopped" });

    await using woken = await fixture.provider.connect(sandbox.id, { wakeForMs: 60_000 });
    expect(await readText(await woken.files.readStream("/workspace/work"))).toBe("worth keeping");
    expect((await woken.info()).leaseEndsAt?.getTime()).toBeGreaterThan(Date.now() + 30_000);
    await woken.destroy();
  });

  it("stops at its lease's end when the process that created it was killed, and its work is recovered", async () => {
    const creator = fileURLToPath(new URL("./create-and-wait.ts", import.meta.url));
    const spec = JSON.stringify(fixture.spec({ ttlMs: 8000 }));
    const child = spawn(process.execPath, ["--conditions=@glovebox/source", creator], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    child.stdin.end(spec);
    const lines = createInterface({ input: child.stdout });
    const [id] = (await once(lines, "line")) as [string];
    child.kill("SIGKILL");
    await once(child, "exit");

    const state = async () => (await fixture.list()).find((info) => info.id === id)?.state;
    expect(await state()).toBe("running");
    await until(async () => (await state()) === "stopped", "the orphan stops");
    await using woken = await fixture.provider.connect(id, { wakeForMs: 60_000 });
    expect(await readText(await woken.files.readStream("/workspace/work"))).toBe("made before the host died");
    await fixture.provider.destroy(id);
  });

  it("is what the same idempotency key finds again", async () => {
    const spec = fixture.spec();
    const first = await fixture.provider.create(spec);
    await first.files.writeStream("/workspace/mark", text("first"));
    await first.close();
    await using second = await fixture.provider.create(spec);
    expect(second.id).toBe(first.id);
    expect(await readText(await second.files.readStream("/workspace/mark"))).toBe("first");
  });

  it("reports what it uses", async () => {
    await using sandbox = await fixture.create();
    const process = await sandbox.spawn(["sleep", "1000"]);
    const stats = await sandbox.stats();
    expect(stats.processes).toBeGreaterThanOrEqual(1);
    expect(stats.oomKills).toBe(0);
    await sandbox.quiesce();
    expect((await process.exit).reason).toBe("killed");
  });
});
