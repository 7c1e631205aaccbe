import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { AttachStream } from "./attach-stream.ts";

/** Both ends of a loopback connection: the engine's, and the one that was taken over from it. */
async function sockets(): Promise<{ engine: Socket; taken: Socket }> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const taken = connect(address.port, "127.0.0.1");
  const [engine] = (await once(server, "connection")) as [Socket];
  onTestFinished(() => {
    engine.destroy();
    taken.destroy();
    server.close();
  });
  return { engine, taken };
}

function frame(kind: 1 | 2, payload: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header[0] = kind;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

async function drain(stream: AttachStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe("AttachStream", () => {
  it("reads the output, keeps the end of the errors, and ends with the connection", async () => {
    const { engine, taken } = await sockets();
    const stream = new AttachStream(taken);
    engine.write(frame(1, Buffer.from("hello ")));
    engine.write(frame(2, Buffer.from(`${"x".repeat(20_000)}\u001b[31mlast words\n`)));
    engine.end(frame(1, Buffer.from("world")));
    expect((await drain(stream)).toString()).toBe("hello world");
    expect(stream.stderrTail).toMatch(/^x{1,8192}\[31mlast words$/);
  });

  it("is lost when the connection ends inside a frame", async () => {
    const { engine, taken } = await sockets();
    const stream = new AttachStream(taken);
    engine.end(frame(1, Buffer.from("half of it")).subarray(0, 12));
    await expect(drain(stream)).rejects.toMatchObject({ code: "lost" });
  });

  it("is lost when the connection is reset", async () => {
    const { engine, taken } = await sockets();
    const stream = new AttachStream(taken);
    engine.write(frame(1, Buffer.from("a")));
    await once(stream, "readable");
    engine.resetAndDestroy();
    await expect(drain(stream)).rejects.toMatchObject({ code: "lost" });
  });

  it("stops the sender while nobody reads", async () => {
    const { engine, taken } = await sockets();
    const stream = new AttachStream(taken);
    const total = 64 * 1024 * 1024;
    const piece = frame(1, Buffer.alloc(1024 * 1024, 1));
    let sent = 0;
    const sending = (async () => {
      while (sent < total) {
        sent += 1024 * 1024;
        if (!engine.write(piece)) await once(engine, "drain");
      }
      engine.end();
    })();
    stream.read(0);
    await once(stream, "readable");
    expect(stream.readableLength).toBeLessThan(1024 * 1024);
    expect(sent).toBeLessThan(total);
    const bytes = await drain(stream);
    await sending;
    expect(bytes.length).toBe(total);
    expect(bytes.every((byte) => byte === 1)).toBe(true);
  });

  it("makes the writer wait for the other side, and half-closes", async () => {
    const { engine, taken } = await sockets();
    const stream = new AttachStream(taken);
    const received: Buffer[] = [];
    let accepted = 0;
    const piece = Buffer.alloc(1024 * 1024, 7);
    while (accepted < 64 && (stream.write(piece) || stream.writableLength < 4 * piece.length)) accepted += 1;
    expect(accepted).toBeLessThan(64);
    engine.on("data", (chunk: Buffer) => received.push(chunk));
    stream.end("last");
    await once(engine, "end");
    expect(Buffer.concat(received).subarray(-4).toString()).toBe("last");
    expect(engine.write(frame(1, Buffer.from("still heard")))).toBe(true);
    engine.end();
    expect((await drain(stream)).toString()).toBe("still heard");
  });
});
