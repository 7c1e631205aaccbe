import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ownerLabel, runLabel } from "@glovebox/core/provider";
import { Sandbox, SandboxNotFoundError } from "e2b";
import { expect, test } from "vitest";
import { controlFixture } from "./control-fixture.ts";

const fixture = controlFixture();

test("a gateway that is started again finds its sandboxes, their tokens, their time-outs and what runs in them", async () => {
  const metadata = { who: "the first", "ä b": "c=d&e" };
  const running = await fixture.create({ metadata, envs: { GIVEN: "before" } });
  const paused = await fixture.create({ lifecycle: { onTimeout: "pause" } });
  await paused.pause();
  const command = await running.commands.run("sleep 600", { background: true, timeoutMs: 0 });
  command.wait().catch(() => {});
  const before = await running.getInfo();
  await fixture.gateway.close("leave");

  const second = await fixture.serve();
  const known = await Sandbox.list(second.options).nextItems();
  expect(known.map(({ sandboxId, state }) => [sandboxId, state])).toEqual([
    [paused.sandboxId, "paused"],
    [running.sandboxId, "running"],
  ]);
  const again = await Sandbox.connect(running.sandboxId, { ...second.options, timeoutMs: 1_000 });
  expect(await again.getInfo()).toEqual(before);
  expect((await again.commands.run("echo $GIVEN")).stdout).toBe("before\n");
  expect((await again.commands.list()).map(({ pid }) => pid)).toContain(command.pid);
  expect(tokenOf(again)).toBe(tokenOf(running));

  const woken = await Sandbox.connect(paused.sandboxId, second.options);
  expect((await woken.commands.run("echo awake")).stdout).toBe("awake\n");
  await woken.kill();
  await again.setTimeout(1_000);
  await expect.poll(() => again.isRunning(), { timeout: 60_000 }).toBe(false);
  await expect(again.getInfo()).rejects.toBeInstanceOf(SandboxNotFoundError);
  await second.close("kill");
});

test("a time-out that passes while no gateway runs is carried out by the next one", async () => {
  const first = await fixture.serve();
  const killed = await Sandbox.create({ ...first.options, timeoutMs: 60_000 });
  const kept = await Sandbox.create({ ...first.options, timeoutMs: 60_000, lifecycle: { onTimeout: "pause" } });
  await Promise.all([killed.setTimeout(1_000), kept.setTimeout(1_000)]);
  await first.close("leave");
  await expect.poll(() => Date.now(), { timeout: 10_000 }).toBeGreaterThan(Date.now() + 1_000);

  const second = await fixture.serve();
  await expect
    .poll(
      async () => (await Sandbox.list(second.options).nextItems()).map(({ sandboxId, state }) => [sandboxId, state]),
      { timeout: 60_000 },
    )
    .toEqual([[kept.sandboxId, "paused"]]);
  await Sandbox.kill(kept.sandboxId, second.options);
  await second.close("kill");
});

test("a sandbox whose record cannot be read is left alone, and found again once the record is mended", async () => {
  const first = await fixture.serve();
  const sandbox = await Sandbox.create({ ...first.options, timeoutMs: 600_000 });
  await first.close("leave");
  const file = join(fixture.stateDir, "sandboxes", `${sandbox.sandboxId}.json`);
  const record = await readFile(file, "utf8");
  for (const damaged of ["", record.slice(0, 40), "[]", '{"version":2}']) {
    await writeFile(file, damaged);
    const second = await fixture.serve();
    expect(await Sandbox.list(second.options).nextItems()).toEqual([]);
    await second.close("leave");
  }
  await writeFile(file, record);
  const third = await fixture.serve();
  expect((await Sandbox.list(third.options).nextItems()).map(({ sandboxId }) => sandboxId)).toEqual([
    sandbox.sandboxId,
  ]);
  await third.close("kill");
});

test("what the provider has and no record names is removed; a record without a sandbox is forgotten", async () => {
  const first = await fixture.serve();
  const sandbox = await Sandbox.create(first.options);
  const gone = await Sandbox.create(first.options);
  const labels = await labelsOf(sandbox.sandboxId);
  await first.close("leave");
  for await (const { id } of fixture.provider.list({ labels: { [runLabel]: gone.sandboxId } })) {
    await fixture.provider.destroy(id);
  }
  const template = await fixture.provider.prepare({ base: { kind: "default" }, layers: [] });
  const stray = await fixture.provider.create({
    template,
    labels: { [ownerLabel]: labels[ownerLabel] ?? "", [runLabel]: "unknown" },
    ttlMs: 60_000,
    env: {},
    egress: { mode: "none", models: [] },
    idempotencyKey: `stray-${sandbox.sandboxId}`,
  });
  await stray.close();

  const second = await fixture.serve();
  expect((await Sandbox.list(second.options).nextItems()).map(({ sandboxId }) => sandboxId)).toEqual([
    sandbox.sandboxId,
  ]);
  await expect(fixture.provider.connect(stray.id)).rejects.toMatchObject({ code: "not-found" });
  await second.close("kill");
});

test("the directory is its owner's alone, and no label holds what a client gave", async () => {
  const first = await fixture.serve();
  const sandbox = await Sandbox.create({
    ...first.options,
    envs: { SECRET: "in confidence" },
    metadata: { plan: "quiet" },
  });
  const directory = fixture.stateDir;
  for (const name of ["", "key", "sandboxes", ...(await files(directory, "sandboxes"))]) {
    expect((await stat(join(directory, name))).mode & 0o077).toBe(0);
  }
  const written = await Promise.all(
    (await files(directory, "sandboxes")).map((name) => readFile(join(directory, name), "utf8")),
  );
  expect(written.join("")).not.toContain(tokenOf(sandbox));
  expect(JSON.stringify(await labelsOf(sandbox.sandboxId))).not.toMatch(/confidence|quiet/);
  await first.close("kill");
  expect(await files(directory, "sandboxes")).toEqual([]);
});

async function files(directory: string, kind: string): Promise<string[]> {
  return (await readdir(join(directory, kind))).map((name) => join(kind, name));
}

async function labelsOf(sandboxId: string): Promise<Readonly<Record<string, string>>> {
  for await (const { labels } of fixture.provider.list({ labels: { [runLabel]: sandboxId } })) return labels;
  throw new Error(`The provider has no sandbox for ${sandboxId}`);
}

function tokenOf(sandbox: Sandbox): string {
  const { envdAccessToken } = sandbox as unknown as { envdAccessToken?: string };
  if (envdAccessToken === undefined) throw new Error("The sandbox has no token");
  return envdAccessToken;
}
