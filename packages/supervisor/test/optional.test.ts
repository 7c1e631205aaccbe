import { execFile } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { promisify } from "node:util";
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
    const server = require("node:net").createServer((socket) => socket.on("error", () => {}).resume().write("taken"));
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

  it("answers nothing but 403 without its token, whoever asks: other users, rebound names, raw bytes", async () => {
    const listen = `
      const server = require("node:net").createServer((socket) => {
        console.log("REACHED");
        socket.on("error", () => {}).on("data", (bytes) => console.log(String(bytes))).end("HTTP/1.1 200 OK\\r\\ncontent-length: 6\\r\\n\\r\\nsecret");
      });
      server.listen(8104, "127.0.0.1", () => console.log("listens"));
    `;
    const process = await guest.connection.spawn([globalThis.process.execPath, "-e", listen]);
    const output = process.output[Symbol.asyncIterator]();
    await firstText(output);
    await using endpoint = await guest.connection.endpoint(8104);
    const { port } = new URL(endpoint.url);
    const [[name, token] = ["", ""]] = Object.entries(endpoint.headers);
    const wrong = [
      "",
      `${name}: ${token.slice(1)}\r\n`,
      `${name}: \r\n`,
      `${name}x: ${token}\r\n`,
      `x: ${name}: ${token}\r\n`,
    ];
    for (const line of wrong) {
      const answer = await exchange(endpoint, `GET / HTTP/1.1\r\nhost: evil.test:${port}\r\n${line}\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 403 /);
      expect(answer).not.toContain(token);
    }
    expect(await exchange(endpoint, `GET /${token} HTTP/1.1\r\n\r\n${name}: ${token}\r\n\r\n`)).toMatch(/ 403 /);
    expect(await exchange(endpoint, `GET / HTTP/1.1\r\nx: ${"y".repeat(70_000)}`)).toBe("");
    const script = `fetch(${JSON.stringify(endpoint.url)}).then(async (r) => console.log(r.status, await r.text()))`;
    const asOther = ["--reuid", "65534", "--clear-groups", globalThis.process.execPath, "-e", script];
    const byOther = await promisify(execFile)("setpriv", asOther, { env: {} });
    expect(byOther.stdout).toMatch(/^403 /);
    const right = await exchange(endpoint, `GET / HTTP/1.1\r\nhost: x\r\n${name.toUpperCase()}:${token}\r\n\r\n`);
    expect(right).toMatch(/secret$/);
    await process.kill();
    let seen = "";
    for (let piece = await output.next(); !piece.done; piece = await output.next()) {
      if ("bytes" in piece.value) seen += Buffer.from(piece.value.bytes).toString();
    }
    expect(seen.match(/REACHED/g)).toHaveLength(1);
    expect(seen).not.toContain(token);
  });

  it("is a connection of this process for any protocol, which no port of this host leads to", async () => {
    const echo = `
      const server = require("node:net").createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
      server.listen(8105, "127.0.0.1", () => console.log("listens"));
    `;
    const process = await guest.connection.spawn([globalThis.process.execPath, "-e", echo]);
    await firstText(process.output[Symbol.asyncIterator]());
    const endpoint = await guest.connection.endpoint(8105);
    const socket = await endpoint.connect();
    socket.end(Buffer.alloc(3_000_000, 7));
    let bytes = 0;
    for await (const piece of socket) bytes += (piece as Buffer).length;
    expect(bytes).toBe(3_000_000);
    await expect(endpoint.connect({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
    const open = await endpoint.connect();
    const closed = once(open, "close");
    await endpoint.close();
    await closed;
    await expect(endpoint.connect()).rejects.toMatchObject({ code: "not-found" });
    await process.kill();
    await using nobody = await guest.connection.endpoint(8106);
    await expect(nobody.connect()).rejects.toMatchObject({ code: "not-found" });
  });

  /** Everything that comes back for some bytes. */
  async function exchange({ url }: SandboxEndpoint, bytes: string): Promise<string> {
    const { hostname, port } = new URL(url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    socket.write(bytes);
    let received = "";
    socket
      .on("error", () => {})
      .on("data", (piece: Buffer) => {
        received += piece.toString("latin1");
      });
    await once(socket, "close");
    return received;
  }

  async function open({ url, headers }: SandboxEndpoint): Promise<{ socket: Socket; taken: boolean }> {
    const { hostname, port } = new URL(url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    socket.on("error", () => {});
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET / HTTP/1.1\r\n${lines.join("")}\r\n`);
    const taken = await new Promise<boolean>((resolve) => {
      socket.once("data", () => resolve(true)).once("close", () => resolve(false));
    });
    return { socket, taken };
  }
});

describe("processes that are stopped while something is done", () => {
  it("stop, and continue after it, also when the connection broke; one that was stopped before stays so", async () => {
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
    let directory = process.cwd();
    for (; directory.length < 3300; fs.mkdirSync(directory)) directory += "/" + "d".repeat(200);
    let round = 0;
    const timer = setInterval(() => {
      for (let file = 0; file < 100; file += 1) fs.writeFileSync(directory + "/" + file, String(round));
      if (++round === 40) clearInterval(timer);
    }, 30);
  `;

  it("keeps a bounded number of changes, reports that it missed some, and continues", async () => {
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
