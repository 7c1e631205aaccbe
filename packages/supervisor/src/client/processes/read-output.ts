import type { ClientHttp2Stream } from "node:http2";
import type { OutputChunk } from "@glovebox/core/provider";
import { maxOutputPayloadBytes, outputFrame, outputHeaderBytes } from "../../protocol/output-frame.ts";
import { StreamReader } from "../../protocol/stream-reader.ts";

/** Reads a process's output from its frames, as they are asked for. Throws when it breaks off before its end. */
export async function* readOutput(stream: ClientHttp2Stream, from: number): AsyncGenerator<OutputChunk, void> {
  let offset = from;
  let pending: Buffer = Buffer.alloc(0);
  let streamName: "stdout" | "stderr" = "stdout";
  /** What is missing of the current frame's bytes: they are passed on as they come. */
  let missing = 0;
  const reader = new StreamReader(stream);
  for (let piece = await reader.next(); piece !== undefined; piece = await reader.next()) {
    pending = pending.length === 0 ? piece : Buffer.concat([pending, piece]);
    while (pending.length > 0) {
      if (missing > 0) {
        const bytes = pending.subarray(0, missing);
        yield { stream: streamName, bytes, offset };
        offset += bytes.length;
        missing -= bytes.length;
        pending = pending.subarray(bytes.length);
        continue;
      }
      const frame = readFrame(pending);
      if (frame === undefined) break;
      pending = pending.subarray(frame.bytes);
      if (frame.kind === "end") return;
      if (frame.kind === "cut") yield { cut: true, offset };
      if (frame.kind === "gap") {
        yield { gap: frame.gap, offset };
        offset += frame.gap;
      }
      if (frame.kind === "data") {
        streamName = frame.stream;
        missing = frame.length;
      }
    }
  }
  throw new Error("The output broke off.");
}

type Frame =
  | { readonly kind: "data"; readonly bytes: number; readonly stream: "stdout" | "stderr"; readonly length: number }
  | { readonly kind: "gap"; readonly bytes: number; readonly gap: number }
  | { readonly kind: "cut" | "end"; readonly bytes: number };

/** A whole control frame, or the header of a data frame; undefined when more bytes are needed. */
function readFrame(pending: Buffer): Frame | undefined {
  if (pending.length < outputHeaderBytes) return undefined;
  const type = pending.readUInt8(0);
  const length = pending.readUInt32BE(1);
  const bytes = outputHeaderBytes;
  if (type === outputFrame.stdout || type === outputFrame.stderr) {
    if (length > maxOutputPayloadBytes) throw new Error("A frame of the output is too long.");
    return { kind: "data", bytes, stream: type === outputFrame.stdout ? "stdout" : "stderr", length };
  }
  if (type === outputFrame.gap && length === 8) {
    if (pending.length < bytes + 8) return undefined;
    return { kind: "gap", bytes: bytes + 8, gap: Number(pending.readBigUInt64BE(bytes)) };
  }
  if (length !== 0 || (type !== outputFrame.cut && type !== outputFrame.end)) {
    throw new Error("The output holds a frame that is not known.");
  }
  return { kind: type === outputFrame.cut ? "cut" : "end", bytes };
}
