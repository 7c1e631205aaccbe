import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { ExecDuplex } from "./exec-duplex.ts";

const patience = { timeout: 60_000 };

let http: Server;
let server: WebSocketServer;

beforeEach(async () => {
  http = createServer().listen(0, "127.0.0.1");
  await once(http, "listening");
  const handleProtocols = (offered: Set<string>): string => [...offered][0] ?? "";
  server = new WebSocketServer({ server: http, handleProtocols });
});
afterEach(() => {
  for (const client of server.clients) client.terminate();
  http.closeAllConnections();
  http.close();
});

/** The two ends of an exec's connection: ours, and the cluster's. */
async function exec(firstLine?: string, protocol = "v4.channel.k8s.io") {
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const socket = new WebSocket(url, [protocol], { maxPayload: 1024 * 1024 });
  const [[far]] = (await Promise.all([once(server, "connection"), once(socket, "open")])) as [[WebSocket], unknown];
  const received: Buffer[] = [];
  far.on("message", (data: Buffer) => received.push(data));
  const duplex = new ExecDuplex(socket, firstLine);
  return { duplex, far, received, raw: (far as unknown as { readonly _socket: Socket })._socket };
}

const message = (channel: number, data: string | Buffer = ""): Buffer =>
  Buffer.concat([Buffer.from([channel]), Buffer.from(data)]);
const success = message(3, JSON.stringify({ status: "Success" }));
const failure = (said: string): Buffer => message(3, JSON.stringify({ status: "Failure", message: said }));

describe("the stream of an exec", () => {
  it("gives the output, and ends with it", async () => {
    const { duplex, far } = await exec();
    for (const piece of [message(1), message(2), message(1, "one "), message(1), message(1, "two")]) far.send(piece);
    far.send(success);
    far.close(1000);
    expect(await text(duplex)).toBe("one two");
  });

  it("sends its first line before anything else, and nothing twice", async () => {
    const { duplex, received } = await exec("secret");
    duplex.write("a");
    duplex.write(Buffer.alloc(200_000, "b"));
    await vi.waitUntil(() => Buffer.concat(received.map((piece) => piece.subarray(1))).length === 200_008, patience);
    expect(received.every((piece) => piece[0] === 0 && piece.length <= 64 * 1024 + 1)).toBe(true);
    const sent = Buffer.concat(received.map((piece) => piece.subarray(1))).toString();
    expect(sent).toBe(`secret\na${"b".repeat(200_000)}`);
  });

  it("keeps the end of the error output, without control characters", async () => {
    const { duplex, far } = await exec();
    far.send(message(2, `start${"x".repeat(20_000)}`));
    far.send(message(2, "\u001b[31mred\u0007 end"));
    await vi.waitUntil(() => duplex.stderrTail.endsWith("[31mred end"), patience);
    expect(duplex.stderrTail.length).toBeLessThanOrEqual(8192);
    expect(duplex.stderrTail).not.toContain("start");
  });

  it.each([
    ["is cut", (far: WebSocket) => far.terminate()],
    ["closes without a word of the program's end", (far: WebSocket) => far.close(1000)],
    ["closes with an error", (far: WebSocket) => far.close(1011)],
    ["sends on a channel that does not exist", (far: WebSocket) => far.send(message(9, "x"))],
    ["sends input", (far: WebSocket) => far.send(message(0, "x"))],
    ["sends text", (far: WebSocket) => far.send("\u0001hello")],
    ["sends too long a message", (far: WebSocket) => far.send(message(1, Buffer.alloc(1024 * 1024)))],
  ])("fails with lost when the cluster %s", async (_, act) => {
    const { duplex, far } = await exec();
    far.send(message(1, "output"));
    far.send(Buffer.alloc(0));
    act(far);
    await expect(text(duplex)).rejects.toMatchObject({ code: "lost", providerId: "kubernetes" });
  });

  it.each([
    ["a frame that no WebSocket has", Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ["a frame that is masked", Buffer.from([0x82, 0x81, 1, 2, 3, 4, 5])],
    ["half a frame, and an end", Buffer.from([0x82, 0x7e, 0x10, 0x00, 1, 2, 3])],
  ])("fails with lost after %s", async (_, bytes) => {
    const { duplex, raw } = await exec();
    raw.end(bytes);
    await expect(text(duplex)).rejects.toMatchObject({ code: "lost" });
  });

  it("says why the program failed, and takes that for no end of its output", async () => {
    const { duplex, far } = await exec();
    far.send(message(2, "no such file\n"));
    far.send(failure("command terminated with exit code 127"));
    far.close(1000);
    await expect(text(duplex)).rejects.toMatchObject({
      code: "lost",
      message: "The connection to the pod closed: command terminated with exit code 127; no such file",
    });
    expect(duplex.failure).toBe("command terminated with exit code 127");
  });

  it("stops the cluster while nobody reads, and loses nothing", async () => {
    const { duplex, far, raw } = await exec();
    const piece = Buffer.alloc(32 * 1024, 7);
    const total = 1024;
    for (let sent = 0; sent < total; sent += 1) far.send(message(1, piece));
    far.send(success);
    // What the kernel and both ends take is a few mebibytes of the 32.
    await vi.waitUntil(() => duplex.readableLength > 512 * 1024, patience);
    expect(raw.writableLength).toBeGreaterThan(16 * 1024 * 1024);
    expect(duplex.readableLength).toBeLessThan(2 * 1024 * 1024);
    far.close(1000);
    let length = 0;
    for await (const chunk of duplex as AsyncIterable<Buffer>) length += chunk.length;
    expect(length).toBe(total * piece.length);
  });

  it("makes a writer wait while the cluster does not read, and still reads", async () => {
    const { duplex, far, raw } = await exec();
    raw.pause();
    const piece = Buffer.alloc(64 * 1024);
    while (duplex.write(piece));
    for (let more = 0; more < 200; more += 1) duplex.write(piece);
    await vi.waitUntil(() => duplex.writableLength > 1024 * 1024, patience);
    far.send(message(1, "read although a write waits"));
    const [chunk] = await once(duplex, "data");
    expect(String(chunk)).toBe("read although a write waits");
    expect(duplex.writableLength).toBeGreaterThan(1024 * 1024);
    duplex.destroy();
  });

  it("ends the input where the protocol can, and the whole stream where it cannot", async () => {
    const five = await exec(undefined, "v5.channel.k8s.io");
    five.duplex.end("last");
    await vi.waitUntil(() => five.received.length === 2, patience);
    expect(five.received).toEqual([message(0, "last"), Buffer.from([255, 0])]);
    expect(five.duplex.destroyed).toBe(false);
    const four = await exec();
    const closed = once(four.far, "close");
    four.duplex.end("last");
    await closed;
    expect(four.received).toEqual([message(0, "last")]);
  });

  it("closes the connection when it is destroyed, and listens to nothing further", async () => {
    const { duplex, far } = await exec();
    const closed = once(far, "close");
    duplex.destroy();
    await closed;
    expect(duplex.errored).toBe(null);
  });

  it("fails with lost when the cluster answers no ping", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const { duplex, raw } = await exec();
      duplex.resume();
      const failed = once(duplex, "error");
      raw.pause();
      await vi.advanceTimersByTimeAsync(60_000);
      expect((await failed)[0]).toMatchObject({ code: "lost", message: "The connection to the pod is silent" });
    } finally {
      vi.useRealTimers();
    }
  });

  it("gives a reader that is slow its time", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const { duplex, far } = await exec();
      for (let sent = 0; sent < 100; sent += 1) far.send(message(1, Buffer.alloc(32 * 1024)));
      await vi.waitUntil(() => duplex.readableLength >= 1024 * 1024, patience);
      await vi.advanceTimersByTimeAsync(600_000);
      expect(duplex.destroyed).toBe(false);
      duplex.destroy();
    } finally {
      vi.useRealTimers();
    }
  });
});
