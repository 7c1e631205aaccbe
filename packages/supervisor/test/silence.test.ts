import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Duplex, Transform } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { collect, run, sh } from "./collect.ts";
import { startGuest } from "./start-guest.ts";

const heartbeat = { everyMs: 100, misses: 4 };

describe("a supervisor that does not respond", () => {
  it("loses its connection, and what waits for it fails with lost", async () => {
    await using guest = await startGuest({ heartbeat });
    const { connection } = guest;
    const process = await connection.spawn(sh("echo begun; sleep 1000"));
    const reading = collect(process);
    guest.signal("SIGSTOP");
    const lost = expect.objectContaining({ code: "lost", message: "The sandbox does not answer any more." });
    await expect(Promise.all([connection.quiesce(), reading])).rejects.toEqual(lost);
    await expect(reading).rejects.toMatchObject({ code: "lost" });
    await connection.closed;
    expect(await process.exit).toEqual({ exitCode: null, reason: "lost" });
    // It may run: that it was killed must not be believed.
    await expect(process.kill()).rejects.toMatchObject({ code: "lost" });

    guest.signal("SIGCONT");
    const again = await guest.connectAgain();
    expect((await again.processes()).map(({ id }) => id)).toContain(process.id);
    await again.close();
  });

  it("loses its connection too where megabytes wait to be written to it", async () => {
    await using guest = await startGuest({ heartbeat });
    const { connection } = guest;
    guest.signal("SIGSTOP");
    const endless = async function* () {
      for (;;) yield Buffer.alloc(1024 * 1024);
    };
    const writing = connection.files.writeStream(join(guest.workspace, "big"), endless());
    await expect(writing).rejects.toMatchObject({ code: "lost" });
    await connection.closed;
    guest.signal("SIGCONT");
  });

  it("is heard again where it was silent for a moment only", async () => {
    await using guest = await startGuest({ heartbeat: { everyMs: 100, misses: 1000 } });
    const { connection } = guest;
    guest.signal("SIGSTOP");
    const answer = run(connection, ["echo", "alive"]);
    await delay(500);
    guest.signal("SIGCONT");
    expect((await answer).stdout.toString()).toBe("alive\n");
  });
});

describe("a slow line", () => {
  it("is not silence: an archive that arrives piece by piece counts as activity", async () => {
    const bytes = 4 * 1024 * 1024;
    /** Takes longer for the archive than the heartbeat allows for an answer. */
    const slow = () =>
      new Transform({
        readableHighWaterMark: 16 * 1024,
        async transform(chunk: Buffer, _encoding, done) {
          for (let start = 0; start < chunk.length; start += 16 * 1024) {
            this.push(chunk.subarray(start, start + 16 * 1024));
            await delay(5);
          }
          done();
        },
      });
    await using guest = await startGuest({
      heartbeat: { everyMs: 50, misses: 4 },
      line: (duplex) => Duplex.from({ readable: duplex.pipe(slow()), writable: duplex }),
    });
    writeFileSync(join(guest.workspace, "random"), randomBytes(bytes), { mode: 0o644 });
    let received = 0;
    for await (const piece of await guest.connection.files.getArchive(guest.workspace)) received += piece.byteLength;
    expect(received).toBeGreaterThan(bytes);
  });
});
