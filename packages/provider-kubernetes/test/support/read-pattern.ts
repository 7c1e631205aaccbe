import type { SandboxProcess } from "@glovebox/core/provider";
import { type Pattern, patternBytes, patternSlice } from "./pattern.ts";

/** Something that was not as it must be. */
export interface CutFault {
  /** The same words for the same kind. */
  readonly kind: string;
  readonly detail: string;
}

/** What was wrong with the output or the exit of a pattern's process; nothing where all is as it must be. */
export async function readPattern(process: SandboxProcess, pattern: Pattern): Promise<readonly CutFault[]> {
  const faults: CutFault[] = [];
  let at = 0;
  try {
    for await (const chunk of process.output) {
      if ("gap" in chunk) faults.push({ kind: "output lost", detail: `${chunk.gap} bytes at ${chunk.offset}` });
      if (!("bytes" in chunk)) continue;
      const { offset, bytes } = chunk;
      if (offset !== at) faults.push({ kind: "output lost or doubled", detail: `${offset} follows ${at}` });
      if (!patternSlice(pattern, offset, bytes.length).equals(bytes)) {
        faults.push({ kind: "other bytes", detail: describe(pattern, offset, bytes) });
      }
      at = offset + bytes.length;
    }
    if (at !== patternBytes(pattern)) faults.push({ kind: "output cut", detail: `${at} of ${patternBytes(pattern)}` });
  } catch (error) {
    faults.push({ kind: "output given up", detail: `${causesOf(error)} at ${at} of ${patternBytes(pattern)}` });
  }
  const { reason, exitCode } = await process.exit;
  if (reason !== "exited") faults.push({ kind: "exit given up", detail: reason });
  else if (exitCode !== pattern.exitCode) faults.push({ kind: "false exit", detail: String(exitCode) });
  return faults;
}

/** The error with what it was caused by, as far as that is known. */
export function causesOf(error: unknown): string {
  const causes: string[] = [];
  for (let at = error; at !== undefined && causes.length < 6; at = at instanceof Error ? at.cause : undefined) {
    causes.push(String(at));
  }
  return causes.join(" < ");
}

/** Where the bytes differ from the pattern, and by what. */
function describe(pattern: Pattern, offset: number, bytes: Uint8Array): string {
  const expected = patternSlice(pattern, offset, bytes.length);
  const differing = [...bytes.keys()].filter((at) => bytes[at] !== expected[at]);
  const [first = 0] = differing;
  const found = JSON.stringify(Buffer.from(bytes.subarray(first, first + 64)).toString("latin1"));
  return `${differing.length} of ${bytes.length} differ, from ${offset + first} to ${offset + (differing.at(-1) ?? 0)}: ${found}`;
}
