import { describe, expect, it } from "vitest";
import { FrameParser } from "./frame-parser.ts";

function frame(kind: number, payload: string | Buffer): Buffer {
  const bytes = Buffer.from(payload);
  const header = Buffer.alloc(8);
  header[0] = kind;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

function parse(parser: FrameParser, chunks: readonly Buffer[]): { stdout: Buffer; stderr: Buffer } {
  const pieces = chunks.flatMap((chunk) => [...parser.parse(chunk)]);
  const of = (stream: string): Buffer => Buffer.concat(pieces.filter((p) => p.stream === stream).map((p) => p.bytes));
  return { stdout: of("stdout"), stderr: of("stderr") };
}

describe("FrameParser", () => {
  it("gives the same bytes however the stream is cut", () => {
    const binary = Buffer.from(Array.from({ length: 300 }, (_, index) => index % 256));
    const whole = Buffer.concat([frame(1, binary), frame(2, "oops"), frame(1, ""), frame(1, "end")]);
    for (const size of [1, 2, 3, 7, 8, 9, 64, whole.length]) {
      const chunks: Buffer[] = [];
      for (let start = 0; start < whole.length; start += size) chunks.push(whole.subarray(start, start + size));
      const parser = new FrameParser();
      const { stdout, stderr } = parse(parser, chunks);
      expect(stdout.equals(Buffer.concat([binary, Buffer.from("end")]))).toBe(true);
      expect(stderr.toString()).toBe("oops");
      expect(parser.insideFrame).toBe(false);
    }
  });

  it("knows that it is inside a frame, in its header and in its payload", () => {
    const whole = frame(1, "payload");
    for (const length of [1, 7, 8, 10, whole.length - 1]) {
      const parser = new FrameParser();
      parse(parser, [whole.subarray(0, length)]);
      expect(parser.insideFrame, `after ${length} bytes`).toBe(true);
    }
  });

  it("takes what imitates a frame inside a payload as bytes", () => {
    const { stdout, stderr } = parse(new FrameParser(), [frame(1, frame(2, "not an error"))]);
    expect(stdout.equals(frame(2, "not an error"))).toBe(true);
    expect(stderr.length).toBe(0);
  });

  it.each([
    ["an unknown stream", frame(9, "x")],
    ["padding that is not zero", Buffer.from([1, 0, 7, 0, 0, 0, 0, 1, 65])],
    ["an engine's plain text", Buffer.from("HTTP/1.1 500 oh no")],
  ])("refuses %s", (_, bytes) => {
    expect(() => parse(new FrameParser(), [bytes])).toThrow(expect.objectContaining({ code: "lost" }));
  });
});
