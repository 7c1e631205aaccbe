import assert from "node:assert/strict";
import type { ProcessExit, SandboxProcess } from "@glovebox/core/provider";

export interface CollectedOutput {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Bytes that were missed. */
  readonly gap: number;
  readonly cut: boolean;
  readonly exit: ProcessExit;
}

/** Reads everything; fails when a piece's offset is not where the one before it ended. */
export async function collectOutput(process: SandboxProcess, from = 0): Promise<CollectedOutput> {
  const pieces = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  let offset = from;
  let gap = 0;
  let cut = false;
  for await (const chunk of process.output) {
    assert.equal(chunk.offset, offset, "A piece of output begins where the one before it ended");
    if ("bytes" in chunk) {
      pieces[chunk.stream].push(chunk.bytes);
      offset += chunk.bytes.length;
    } else if ("gap" in chunk) {
      gap += chunk.gap;
      offset += chunk.gap;
    } else cut = true;
  }
  const exit = await process.exit;
  return { stdout: Buffer.concat(pieces.stdout), stderr: Buffer.concat(pieces.stderr), gap, cut, exit };
}
