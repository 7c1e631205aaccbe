import { expect, it } from "vitest";
import { sandboxFixture, shell } from "./sandbox-fixture.ts";

const fixture = sandboxFixture();

it("a pause that is aborted on its way leaves the sandbox running, and its handle open", async () => {
  await using sandbox = await fixture.create();
  const aborting = new AbortController();
  const pausing = sandbox.pause({ signal: aborting.signal });
  aborting.abort();
  await expect(pausing).rejects.toMatchObject({ code: "aborted" });
  expect((await sandbox.info()).state).toBe("running");
  expect((await shell(sandbox, "echo here")).stdout).toBe("here\n");
});

it("waking that is aborted on its way leaves the sandbox paused", async () => {
  await using sandbox = await fixture.create();
  await sandbox.pause();
  for (const afterMs of [1, 50, 200]) {
    const signal = AbortSignal.timeout(afterMs);
    const woken = await fixture.provider.connect(sandbox.id, { wakeForMs: 60_000, signal }).catch((error) => error);
    if ("pause" in woken) await woken.pause();
    else expect(woken).toMatchObject({ code: "aborted" });
    expect((await sandbox.info()).state).toBe("paused");
  }
});

it("a snapshot can be made of a paused sandbox, and one that has stopped cannot be paused", async () => {
  await using sandbox = await fixture.create();
  await sandbox.pause();
  const { reference } = await sandbox.snapshot();
  expect((await sandbox.info()).state).toBe("paused");
  await fixture.engine().getImage(reference).remove();

  const woken = await fixture.provider.connect(sandbox.id, { wakeForMs: 60_000 });
  await fixture.engine().getContainer(sandbox.id).kill();
  await expect(woken.pause()).rejects.toMatchObject({ code: "lost" });
});

it("a pause beside others that connect freezes no process that is about to start: the sandbox wakes and goes", async () => {
  await using sandbox = await fixture.create();
  for (let round = 0; round < 4; round += 1) {
    const connecting = Array.from({ length: 4 }, () => fixture.provider.connect(sandbox.id).catch((error) => error));
    const first = await Promise.race(connecting);
    const pauser = "pause" in first ? first : await fixture.provider.connect(sandbox.id);
    await pauser.pause();
    const woken = await fixture.provider.connect(sandbox.id, { wakeForMs: 60_000 });
    expect((await shell(woken, "echo here")).stdout).toBe("here\n");
    await woken.close();
    for (const other of await Promise.all(connecting)) if ("pause" in other) await other.close();
  }
});
