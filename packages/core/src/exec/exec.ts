import { boundedStream } from "../bounds/bounded-stream.ts";
import { within } from "../bounds/within.ts";
import { InvalidOptionsError, SandboxAbortedError, SandboxLostError } from "../errors/index.ts";
import { checkArgv } from "../provider/check-argv.ts";
import { dropUndefined } from "../provider/drop-undefined.ts";
import type { Sandbox } from "../provider/sandbox.ts";
import type { ProcessExit, SandboxProcess } from "../provider/sandbox-process.ts";
import type { ExecOptions } from "./exec-options.ts";
import type { ExecResult } from "./exec-result.ts";
import { OutputBuffer } from "./output-buffer.ts";

const operation = "running a program in the sandbox";
const defaultMaxBytes = 8 * 1024 * 1024;
/** How long after `timeoutMs` the host stops waiting for a sandbox that does not report the program's end. */
const graceMs = 30_000;
const killTimeoutMs = 10_000;

/**
 * Runs a program in a sandbox and collects what it prints. `argv` reaches the program untouched by any shell; for pipes
 * and wildcards run `["sh", "-c", script]`.
 *
 *     const { stdout, exitCode } = await exec(sandbox, ["node", "--version"]);
 *
 * An exit code other than 0 is a result, not an error. Rejects when the program cannot be started (`process`), when
 * `signal` is aborted (`aborted`), when the connection breaks before the program's end is known (`lost`), and when the
 * sandbox does not answer (`timeout`).
 */
export function exec(
  sandbox: Pick<Sandbox, "spawn">,
  argv: readonly [string, ...string[]],
  options: ExecOptions & { readonly encoding: "buffer" },
): Promise<ExecResult<Buffer>>;
export function exec(
  sandbox: Pick<Sandbox, "spawn">,
  argv: readonly [string, ...string[]],
  options?: ExecOptions & { readonly encoding?: "utf8" },
): Promise<ExecResult>;
export async function exec(
  sandbox: Pick<Sandbox, "spawn">,
  argv: readonly [string, ...string[]],
  options: ExecOptions = {},
): Promise<ExecResult<string | Buffer>> {
  const { input, cwd, env, timeoutMs, maxBytes = defaultMaxBytes, signal, asRoot } = options;
  checkArgv(argv);
  if (!(maxBytes >= 0)) throw new InvalidOptionsError("`maxBytes` must be 0 or more");
  if (signal?.aborted) throw aborted(signal);
  const bound = { operation, signal: deadlineOf(options), undoMs: 0 };
  const stdin = typeof input === "string" ? Buffer.from(input) : input;
  const spawned = dropUndefined({ stdin, cwd, env, timeoutMs, signal, asRoot });
  const process = await within(
    bound,
    () => sandbox.spawn(argv, spawned),
    (lateResult) => lateResult.kill(),
  );
  const output = { stdout: new OutputBuffer(maxBytes), stderr: new OutputBuffer(maxBytes) };
  try {
    for await (const chunk of boundedStream(process.output, bound)) {
      if ("gap" in chunk) throw new SandboxLostError("Output of a program in the sandbox was lost");
      if (!("bytes" in chunk)) continue;
      (chunk.stream === "stdout" ? options.onStdout : options.onStderr)?.(chunk.bytes);
      output[chunk.stream].add(chunk.bytes);
    }
    const exit = await within(bound, () => process.exit);
    if (signal?.aborted) throw aborted(signal);
    return resultOf(exit, output, options);
  } catch (error) {
    await kill(process);
    throw error;
  }
}

function resultOf(
  { reason, exitCode, signal }: ProcessExit,
  { stdout, stderr }: Readonly<Record<"stdout" | "stderr", OutputBuffer>>,
  { encoding = "utf8", stripFinalNewline = true }: ExecOptions,
): ExecResult<string | Buffer> {
  if (reason === "lost") throw new SandboxLostError("The connection broke before the program's end was known");
  const read = (stream: OutputBuffer) => (encoding === "buffer" ? stream.bytes() : stream.text({ stripFinalNewline }));
  return {
    stdout: read(stdout),
    stderr: read(stderr),
    exitCode,
    ...dropUndefined({ signal }),
    reason,
    timedOut: reason === "timeout",
    stdoutTruncated: stdout.isTruncated,
    stderrTruncated: stderr.isTruncated,
  };
}

function aborted({ reason }: AbortSignal): SandboxAbortedError {
  return new SandboxAbortedError(`Stopped while ${operation}`, { cause: reason });
}

/** The sandbox ends the program in time; this ends the wait when the sandbox does not answer any more. */
function deadlineOf({ timeoutMs, signal }: ExecOptions): AbortSignal | undefined {
  if (timeoutMs === undefined) return signal;
  const deadline = AbortSignal.timeout(timeoutMs + graceMs);
  return signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
}

async function kill(process: SandboxProcess): Promise<void> {
  await within({ operation, timeoutMs: killTimeoutMs, undoMs: 0 }, () => process.kill()).catch(() => {
    // The error that led here says more than that the program could not be killed either.
  });
}
