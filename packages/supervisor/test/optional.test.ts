import { once } from "node:events";
import { statSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import type { FileChange, SandboxEndpoint } from "@glovebox/core/provider";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { egressPort } from "../src/index.ts";
import { firstText, run, sh } from "./collect.ts";
import { type Guest, startGuest } from "./start-guest.ts";

let guest: Guest;
beforeAll(async () => {
  guest = await startGuest();
});
afterAll(() => guest[Symbol.asyncDispose]());

describe("an endpoint", () => {
  const hold = `
    const server = require("node:net").createServer((socket) => socket.on("error", () => {}).write("taken"));
    server.listen(Number(process.argv[1]), process.argv[2], () => console.log("listens"));
  `;

  it("never reaches the port for what goes out", async () => {
    await expect(guest.connection.endpoint(egressPort)).rejects.toMatchObject({ code: "invalid-options" });
  });

  it("takes a bounded number of connections, and further ones when some have ended", async () => {
    const process = await guest.connection.spawn([globalThis.process.execPath, "-e", hold, "8101", "127.0.0.1"]);
    await firstText(process.output[Symbol.asyncIterator]());
    await using endpoint = await guest.connection.endpoint(8101);
    const sockets = await Promise.all(Array.from({ length: 256 }, () => open(endpoint)));
    expect(sockets.every(({ taken }) => taken)).toBe(true);
    expect((await open(endpoint)).taken).toBe(false);
    const [first] = sockets;
    first?.socket.destroy();
    await expect.poll(async () => (await open(endpoint)).taken).toBe(true);
    for (const { socket } of sockets) socket.destroy();
    await process.kill();
  });

  it("reaches what listens on the loopback of IPv6 alone", async () => {
    const process = await guest.connection.spawn([globalThis.process.execPath, "-e", hold, "8103", "::1"]);
    await firstText(process.output[Symbol.asyncIterator]());
    await using endpoint = await guest.connection.endpoint(8103);
    const { socket, taken } = await open(endpoint);
    expect(taken).toBe(true);
    socket.destroy();
    await process.kill();
  });

  it("ends its connections when it is closed", async () => {
    const process = await guest.connection.spawn([globalThis.process.execPath, "-e", hold, "8102", "127.0.0.1"]);
    await firstText(process.output[Symbol.asyncIterator]());
    const endpoint = await guest.connection.endpoint(8102);
    const { socket, taken } = await open(endpoint);
    expect(taken).toBe(true);
    const closed = once(socket, "close");
    await endpoint.close();
    await closed;
    await process.kill();
  });

  async function open({ url }: SandboxEndpoint): Promise<{ socket: Socket; taken: boolean }> {
    const { hostname, port } = new URL(url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    socket.on("error", () => {});
    const taken = await new Promise<boolean>((resolve) => {
      socket.once("data", () => resolve(true)).once("close", () => resolve(false));
    });
    return { socket, taken };
  }
});

describe("processes that are stopped while something is done", () => {
  it("stand still, and go on after it, also when the connection broke; one that was stopped before stays so", async () => {
    const { connection, workspace } = guest;
    const beats = async (): Promise<number> => (await connection.files.stat(`${workspace}/beats`))?.size ?? 0;
    const heart = await connection.spawn(sh("while :; do echo . >> beats; sleep 0.01; done"));
    const other = await connection.spawn(sh("kill -STOP $$; echo awake"));
    await expect.poll(beats).toBeGreaterThan(0);
    // Neither is read through a helper of the user's, which would stand still too.
    const onDisk = (): number => statSync(`${workspace}/beats`).size;
    await connection.whileStopped(async () => {
      const before = onDisk();
      // What is started meanwhile runs: it is the witness that there was time for many beats.
      await run(connection, sh("for beat in 1 2 3 4 5 6 7 8 9 10; do sleep 0.02; done"));
      expect(onDisk()).toBe(before);
    });
    const after = onDisk();
    await expect.poll(onDisk).toBeGreaterThan(after);

    const second = await guest.connectAgain();
    await second.whileStopped(() => second.close());
    const then = onDisk();
    await expect.poll(onDisk).toBeGreaterThan(then);
    await other.kill();
    await heart.kill();
    const { output } = other;
    for await (const chunk of output) expect("bytes" in chunk).toBe(false);
  });
});

describe("a watch that is not read", () => {
  /** Writes a hundred files with long paths again and again: some 14 MB of changes. */
  const burst = `
    const fs = require("node:fs");
    let folder = process.cwd();
    for (; folder.length < 3300; fs.mkdirSync(folder)) folder += "/" + "d".repeat(200);
    let round = 0;
    const timer = setInterval(() => {
      for (let file = 0; file < 100; file += 1) fs.writeFileSync(folder + "/" + file, String(round));
      if (++round === 40) clearInterval(timer);
    }, 30);
  `;

  it("keeps a bounded number of changes, says that it missed some, and goes on", async () => {
    const { connection, workspace } = guest;
    const changes = (await connection.watch(workspace))[Symbol.asyncIterator]();
    await run(connection, [process.execPath, "-e", burst]);
    let missed = 0;
    for (let change = await next(changes); !("overflow" in change); change = await next(changes)) missed += 1;
    expect(missed).toBeGreaterThan(100);
    await run(connection, sh(": > after"));
    let last = await next(changes);
    while (!("path" in last) || !last.path.endsWith("/after")) last = await next(changes);
    expect(last).toEqual({ path: `${workspace}/after`, kind: "created" });
    await changes.return?.();
    await expect.poll(async () => (await connection.stats()).processes).toBe(0);
  });

  async function next(changes: AsyncIterator<FileChange>): Promise<FileChange> {
    const { done, value } = await changes.next();
    if (done) throw new Error("The watch has ended.");
    return value;
  }
});
