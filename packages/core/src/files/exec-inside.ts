import { SandboxAbortedError, SandboxLostError } from "../errors/index.ts";
import type { Sandbox } from "../provider/sandbox.ts";
import type { ProcessExit } from "../provider/sandbox-process.ts";

export interface ExecInsideOptions {
  readonly timeoutMs: number;
  /** Takes the standard output piece by piece; without it a bounded part is returned. */
  onStdout?(bytes: Uint8Array): void;
  readonly signal?: AbortSignal | undefined;
}

export interface ExecInsideResult {
  readonly exit: ProcessExit;
  readonly stdout: string;
  readonly stderr: string;
}

const maxTextBytes = 64 * 1024;

/** Runs a program in the sandbox to its end. What it prints is kept up to 64 KiB a stream; the rest is read over. */
export async function execInside(
  sandbox: Sandbox,
  argv: readonly [string, ...string[]],
  options: ExecInsideOptions,
): Promise<ExecInsideResult> {
  const { timeoutMs, signal } = options;
  const process = await sandbox.spawn(argv, { timeoutMs, ...(signal === undefined ? {} : { signal }) });
  const kept = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const sizes = { stdout: 0, stderr: 0 };
  try {
    for await (const chunk of process.output) {
      if ("gap" in chunk) throw new SandboxLostError("Output of a program in the sandbox was lost");
      if ("cut" in chunk) continue;
      if (chunk.stream === "stdout" && options.onStdout !== undefined) {
        options.onStdout(chunk.bytes);
      } else if (sizes[chunk.stream] < maxTextBytes) {
        sizes[chunk.stream] += chunk.bytes.length;
        kept[chunk.stream].push(chunk.bytes);
      }
    }
  } catch (error) {
    await process.kill().catch(() => {});
    throw error;
  }
  const exit = await process.exit;
  if (signal?.aborted) throw new SandboxAbortedError("The run was cancelled");
  const text = (pieces: Uint8Array[]) => Buffer.concat(pieces).toString("utf8").trim();
  return { exit, stdout: text(kept.stdout), stderr: text(kept.stderr) };
}
