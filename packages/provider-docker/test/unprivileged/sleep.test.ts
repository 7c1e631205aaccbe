import { expect, it } from "vitest";
import { guestFixture, run } from "./guest-fixture.ts";

const start = guestFixture();

it("sleeps until a lease is set, keeps its files while it sleeps, and sleeps again after the lease's end", async () => {
  await using guest = await start({ config: { startsAsleep: true } });
  const first = await guest.connect();
  await expect(first.spawn(["true"])).rejects.toMatchObject({ code: "stopped" });
  expect((await first.leaseEndsAt()).getTime()).toBeLessThanOrEqual(Date.now());
  await first.quiesce();
  await first.holdLease();
  await first.configure({ env: { NAME: "value" } });
  expect((await first.stats()).processes).toBe(0);
  expect((await first.resources()).pids).toBe(400);
  await first.files.makeDirectory("/workspace/kept");

  await first.extend(120_000);
  expect(
    await run(first, "sh", "-c", "echo $NAME; setsid sleep 1000 > /dev/null 2>&1 & echo by-agent > kept/file"),
  ).toBe("value");
  await first.extend(50);
  expect(await guest.ended()).toBe(0);
  await first.closed;

  await guest.restart();
  const second = await guest.connect();
  await expect(second.spawn(["true"])).rejects.toMatchObject({ code: "stopped" });
  expect((await second.files.stat("/workspace/kept/file"))?.size).toBe(9);
  await second.extend(120_000);
  expect(await run(second, "cat", "kept/file")).toBe("by-agent");
});

it("gives the agent no way to set or to outlive the lease", async () => {
  await using guest = await start({ config: { ttlMs: 20_000 } });
  const connection = await guest.connect();
  const attack = `
import os, signal, time
for number in range(1, 32):
    if number not in (9, 19):
        signal.signal(number, signal.SIG_IGN)
while True:
    if os.fork() == 0:
        os.setsid()
    time.sleep(0.05)
`;
  await connection.spawn(["python3", "-c", attack]);
  expect(await guest.ended()).toBe(0);
});
