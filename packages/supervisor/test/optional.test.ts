import { once } from "node:events";
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
