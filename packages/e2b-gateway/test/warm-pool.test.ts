import { ownerLabel, type SandboxInfo } from "@glovebox/core/provider";
import { Sandbox } from "e2b";
import { expect, test } from "vitest";
import { controlFixture } from "./control-fixture.ts";

const fixture = controlFixture({ warmPoolSize: 1 });
const waiting = { timeout: 60_000 };

test("a sandbox that was there before it was asked for is as any other, and another one takes its place", async () => {
  const { options } = fixture.gateway;
  await expect.poll(async () => (await atProvider()).length, waiting).toBe(1);
  expect(await Sandbox.list(options).nextItems()).toEqual([]);
  const [pooled] = await atProvider();

  const before = Date.now();
  const sandbox = await fixture.create({
    timeoutMs: 60_000,
    envs: { GIVEN: "late" },
    metadata: { whose: "a client's" },
  });
  expect(pooled?.labels["glovebox.run"]).toBe(sandbox.sandboxId);
  const info = await sandbox.getInfo();
  expect(info).toMatchObject({ name: "base", state: "running", metadata: { whose: "a client's" } });
  expect(info.startedAt.getTime()).toBeGreaterThanOrEqual(before);
  expect(info.endAt.getTime() - info.startedAt.getTime()).toBe(60_000);
  expect((await sandbox.commands.run("echo $GIVEN $E2B_SANDBOX_ID")).stdout).toBe(`late ${sandbox.sandboxId}\n`);
  await sandbox.pause();
  await sandbox.connect();
  expect((await sandbox.commands.run("echo $GIVEN")).stdout).toBe("late\n");
  await expect.poll(async () => (await atProvider()).length, waiting).toBe(2);
  await sandbox.kill();
});

test("who asks for something else gets something else", async () => {
  await expect.poll(async () => (await atProvider()).length, waiting).toBe(1);
  const [pooled] = await atProvider();
  const sealed = await fixture.create({ allowInternetAccess: false });
  expect(pooled?.labels["glovebox.run"]).not.toBe(sealed.sandboxId);
  await sealed.kill();
});

test("a gateway that ends leaves no pooled sandbox, and one that died leaves none to the next", async () => {
  await expect.poll(async () => (await atProvider()).length, waiting).toBe(1);
  // Like a gateway that died: it gets nothing anymore.
  const [orphan] = await atProvider();
  const next = await fixture.serve({ warmPoolSize: 0 });
  expect(await Sandbox.list(next.options).nextItems()).toEqual([]);
  expect((await atProvider()).map(({ id }) => id)).not.toContain(orphan?.id);
  await next.close("leave");
  await fixture.gateway.close("leave");
  expect(await atProvider()).toEqual([]);
});

async function atProvider(): Promise<SandboxInfo[]> {
  const infos: SandboxInfo[] = [];
  for await (const info of fixture.provider.list({ labels: { [ownerLabel]: await fixture.owner() } })) {
    if (info.state === "running" || info.state === "paused") infos.push(info);
  }
  return infos;
}
