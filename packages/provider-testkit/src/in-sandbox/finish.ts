import type { ProcessExit, SandboxProcess } from "@glovebox/core/provider";

/** A process that has ended, and everything it said. */
export interface Finished extends ProcessExit {
  readonly stdout: string;
  readonly stderr: string;
}

/** Reads a process to its end. For output that fits in memory. */
export async function finish(process: SandboxProcess): Promise<Finished> {
  const output: Record<"stdout" | "stderr", Uint8Array[]> = { stdout: [], stderr: [] };
  for await (const chunk of process.output) if ("stream" in chunk) output[chunk.stream].push(chunk.bytes);
  const text = (chunks: readonly Uint8Array[]): string => Buffer.concat(chunks).toString("utf8");
  return { ...(await process.exit), stdout: text(output.stdout), stderr: text(output.stderr) };
}
