import type { SandboxProcess } from "@glovebox/core/provider";
import { type Pattern, patternBytes, patternSlice } from "./pattern.ts";

/** What was wrong with the output or the exit of a pattern's process; nothing where all is as it must be. */
export async function readPattern(process: SandboxProcess, pattern: Pattern): Promise<readonly string[]> {
  const faults: string[] = [];
  let at = 0;
  try {
    for await (const chunk of process.output) {
      if (!("bytes" in chunk)) {
        if ("gap" in chunk) faults.push(`gap: ${chunk.gap} bytes at ${chunk.offset}`);
        continue;
      }
      if (chunk.offset !== at) faults.push(`offset: ${chunk.offset} after ${at}`);
      if (!patternSlice(pattern, chunk.offset, chunk.bytes.length).equals(chunk.bytes)) {
        faults.push(`bytes: ${describe(pattern, chunk.offset, chunk.bytes)}`);
      }
      at = chunk.offset + chunk.bytes.length;
    }
  } catch (error) {
    faults.push(`output broke off: ${String(error)} at ${at} of ${patternBytes(pattern)}`);
  }
  const { reason, exitCode } = await process.exit;
  if (reason !== "exited") faults.push(`exit: ${reason} instead of ${pattern.exitCode}`);
  else if (exitCode !== pattern.exitCode) faults.push(`false exit: ${exitCode} instead of ${pattern.exitCode}`);
  if (at !== patternBytes(pattern)) faults.push(`length: ${at} of ${patternBytes(pattern)}`);
  return faults;
}

/** Where the bytes differ from the pattern, and by what. */
function describe(pattern: Pattern, offset: number, bytes: Uint8Array): string {
  const expected = patternSlice(pattern, offset, bytes.length);
  const differing = [...bytes.keys()].filter((at) => bytes[at] !== expected[at]);
  const [first = 0] = differing;
  const there = JSON.stringify(Buffer.from(bytes.subarray(first, first + 64)).toString("latin1"));
  return `${differing.length} of ${bytes.length} differ, from ${offset + first} to ${offset + (differing.at(-1) ?? 0)}: ${there}`;
}
