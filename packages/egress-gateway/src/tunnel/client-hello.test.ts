import { once } from "node:events";
import { PassThrough } from "node:stream";
import { connect } from "node:tls";
import { describe, expect, it } from "vitest";
import { readFirstBytes } from "./client-hello.ts";

/** What a real client says first. */
async function hello(servername: string | undefined): Promise<Buffer> {
  const wire = new PassThrough();
  const said = new PassThrough();
  wire._transform = (chunk, _encoding, done) => {
    said.write(chunk);
    done();
  };
  connect({ socket: wire, ...(servername === undefined ? {} : { servername }) }).on("error", () => {});
  const [bytes] = await once(said, "data");
  return bytes;
}

describe("the first bytes", () => {
  it("of a TLS client hold the server name, or none", async () => {
    expect(readFirstBytes(await hello("a.test"))).toEqual({ kind: "tls", serverName: "a.test" });
    expect(readFirstBytes(await hello(undefined))).toEqual({ kind: "tls", serverName: undefined });
  });

  it("do not tell before they are all there", async () => {
    const bytes = await hello("a.test");
    for (let size = 0; size < bytes.length; size += 1) {
      expect(readFirstBytes(bytes.subarray(0, size)).kind).toBe("more");
    }
  });

  it("may come in records of one byte", async () => {
    const bytes = await hello("a.test");
    const records = [...bytes.subarray(5)].flatMap((byte) => [22, 3, 1, 0, 1, byte]);
    expect(readFirstBytes(Buffer.from(records))).toEqual({ kind: "tls", serverName: "a.test" });
  });

  it("may be followed by other records", async () => {
    const bytes = Buffer.concat([await hello("a.test"), Buffer.from([20, 3, 3, 0, 1, 1])]);
    expect(readFirstBytes(bytes)).toEqual({ kind: "tls", serverName: "a.test" });
  });

  it("in thousands of records are broken, at no cost of time", () => {
    const record = (byte: number) => [22, 3, 1, 0, 1, byte];
    const bytes = Buffer.from([...record(1), ...record(0), ...record(255), ...Array(10_000).fill(record(0)).flat()]);
    expect(readFirstBytes(bytes).kind).toBe("broken");
  });

  it.each(["GET / HTTP/1.1", "SSH-2.0-x", "\x80\x2e\x01", "\x16GET"])(
    "of something else (%j) are recognized as such",
    (text) => expect(readFirstBytes(Buffer.from(text, "latin1")).kind).toBe("other"),
  );

  it("that are broken are never taken for a hello with another name", async () => {
    const bytes = await hello("a.test");
    for (let at = 0; at < bytes.length; at += 1) {
      for (const value of [0, 1, 255]) {
        const changed = Buffer.from(bytes);
        changed[at] = value;
        const read = readFirstBytes(changed);
        if (read.kind === "tls" && read.serverName !== undefined) expect(read.serverName).toMatch(/^.{6}$/s);
      }
    }
  });

  it("with two names, or two lists of them, are broken", async () => {
    const bytes = await hello("a.test");
    const at = bytes.indexOf("a.test") - 9;
    const extension = bytes.subarray(at, at + 15);
    expect(extension.readUInt16BE(0)).toBe(0);
    const twice = Buffer.concat([bytes.subarray(0, at), extension, bytes.subarray(at)]);
    const grow = (offset: number, size: number) => twice.writeUIntBE(twice.readUIntBE(offset, size) + 15, offset, size);
    grow(3, 2);
    grow(6, 3);
    // The length of all extensions stands before the first of them.
    const lists = 5 + 4 + 2 + 32;
    const session = lists + 1 + (twice[lists] ?? 0);
    const ciphers = session + 2 + twice.readUInt16BE(session);
    grow(ciphers + 1 + (twice[ciphers] ?? 0), 2);
    expect(readFirstBytes(twice).kind).toBe("broken");
  });

  it("that promise a hello too long are broken, and never collected", () => {
    expect(readFirstBytes(Buffer.from([22, 3, 1, 0, 4, 1, 255, 255, 255])).kind).toBe("broken");
  });
});
