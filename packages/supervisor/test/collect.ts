import type { OutputChunk, ProcessExit, SandboxProcess, SpawnOptions } from "@glovebox/core/provider";
import type { SupervisorConnection } from "../src/index.ts";

export interface Collected {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly gaps: number;
  readonly cut: boolean;
  readonly exit: ProcessExit;
}

/** Reads everything; throws when an offset is not where the piece before it ended. */
export async function collect(process: SandboxProcess, from = 0): Promise<Collected> {
  const pieces = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  let offset = from;
  let gaps = 0;
  let cut = false;
  for await (const chunk of process.output) {
    if (chunk.offset !== offset) throw new Error(`expected offset ${offset}, got ${chunk.offset}`);
    if ("bytes" in chunk) {
      pieces[chunk.stream].push(chunk.bytes);
      offset += chunk.bytes.length;
    } else if ("gap" in chunk) {
      gaps += chunk.gap;
      offset += chunk.gap;
    } else cut = true;
  }
  return {
    stdout: Buffer.concat(pieces.stdout),
    stderr: Buffer.concat(pieces.stderr),
    gaps,
    cut,
    exit: await process.exit,
  };
}

export async function run(
  connection: SupervisorConnection,
  argv: readonly [string, ...string[]],
  options?: SpawnOptions,
): Promise<Collected> {
  return collect(await connection.spawn(argv, options));
}

/** A shell's script. */
export function sh(script: string, ...args: string[]): readonly [string, ...string[]] {
  return ["sh", "-c", script, "sh", ...args];
}

/** Waits for the condition; throws after ten seconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`It did not come to be that ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The first piece of output that holds bytes, as text. */
export async function firstText(output: AsyncIterator<OutputChunk>): Promise<string> {
  for (;;) {
    const next = await output.next();
    if (next.done === true) throw new Error("The output ended.");
    if ("bytes" in next.value) return Buffer.from(next.value.bytes).toString();
  }
}
