import type { ServerHttp2Stream } from "node:http2";
import { outputFrame, outputHeaderBytes } from "../../protocol/output-frame.ts";
import type { OutputPiece } from "../processes/output-log.ts";
import type { SpawnedProcess } from "../processes/spawned-process.ts";

/** Sends a process's output from an offset on until its end, as fast as the stream takes it. */
export async function serveOutput(stream: ServerHttp2Stream, process: SpawnedProcess, from: number): Promise<void> {
  const reader = process.log.openReader(from, outputHeaderBytes);
  stream.once("close", reader.close);
  try {
    while (!stream.destroyed) {
      const piece = reader.next();
      if (piece.kind === "wait") {
        await reader.changed();
        continue;
      }
      const flowing = send(stream, piece);
      if (piece.kind === "end") {
        stream.end(frameHeader(outputFrame.end, 0));
        return;
      }
      if (!flowing) await drained(stream);
    }
  } finally {
    reader.close();
  }
}

function send(stream: ServerHttp2Stream, piece: Exclude<OutputPiece, { kind: "wait" }>): boolean {
  if (piece.kind === "bytes") {
    const frame = piece.bytes;
    frame.writeUInt8(outputFrame[piece.stream], 0);
    frame.writeUInt32BE(frame.length - outputHeaderBytes, 1);
    return stream.write(frame);
  }
  if (piece.kind === "gap") {
    const frame = Buffer.concat([frameHeader(outputFrame.gap, 8), Buffer.alloc(8)]);
    frame.writeBigUInt64BE(BigInt(piece.bytes), outputHeaderBytes);
    return stream.write(frame);
  }
  return piece.cut ? stream.write(frameHeader(outputFrame.cut, 0)) : true;
}

function frameHeader(type: number, length: number): Buffer {
  const header = Buffer.allocUnsafe(outputHeaderBytes);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(length, 1);
  return header;
}

/** Resolves when the stream takes more, or is gone, which the caller looks at next. */
async function drained(stream: ServerHttp2Stream): Promise<void> {
  await new Promise<void>((resolve) => {
    const onDrained = (): void => {
      stream.off("drain", onDrained).off("close", onDrained);
      resolve();
    };
    stream.once("drain", onDrained).once("close", onDrained);
  });
}
