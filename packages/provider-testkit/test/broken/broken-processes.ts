import { type OutputChunk, type ProcessExit, SandboxError, type SandboxProcess } from "@glovebox/core/provider";
import type { BrokenVariant } from "./broken-variant.ts";
import { changedProcess, changedSandbox, changedSpawn } from "./changed.ts";

type Chunks = AsyncIterable<OutputChunk>;

/** Each piece of output as it is made into others. */
async function* mapped(
  output: Chunks,
  map: (chunk: OutputChunk) => readonly OutputChunk[],
): AsyncGenerator<OutputChunk> {
  for await (const chunk of output) yield* map(chunk);
}

async function* untilMarker(output: Chunks, seen: () => void): AsyncGenerator<OutputChunk> {
  for await (const chunk of output) {
    if ("bytes" in chunk && Buffer.from(chunk.bytes).includes('"exitCode":0')) seen();
    yield chunk;
  }
}

async function* endsCleanly(output: Chunks): AsyncGenerator<OutputChunk> {
  try {
    yield* output;
  } catch {}
}

async function* afterExit({ output, exit }: SandboxProcess): AsyncGenerator<OutputChunk> {
  await exit;
  yield* output;
}

const codeOr0 = ({ exitCode }: ProcessExit): ProcessExit => ({ exitCode: exitCode ?? 0, reason: "exited" });

export const brokenProcesses: readonly BrokenVariant[] = [
  {
    name: "drops what goes to the input",
    caughtBy: "process/stdin-whole",
    breaks: (provider) => changedSpawn(provider, ({ stdin: _, ...options }) => options),
  },
  {
    name: "cuts the input at 64 KiB",
    caughtBy: "process/stdin-whole",
    breaks: (provider) =>
      changedSpawn(provider, (options) =>
        options.stdin instanceof Uint8Array ? { ...options, stdin: options.stdin.subarray(0, 65_536) } : options,
      ),
  },
  {
    name: "leaves the input open",
    caughtBy: "process/stdin-closed",
    hangs: true,
    breaks: (provider) => changedSpawn(provider, (options) => ({ stdin: "open", ...options })),
  },
  {
    name: "turns a missing exit code into 0",
    caughtBy: "process/exit-signals",
    breaks: (provider) => changedProcess(provider, ({ exit }) => ({ exit: exit.then(codeOr0) })),
  },
  {
    name: "knows no exit code but 0 and 1",
    caughtBy: "process/exit-codes",
    breaks: (provider) =>
      changedProcess(provider, ({ exit }) => ({
        exit: exit.then((actual) => ({ ...actual, exitCode: actual.exitCode ? 1 : actual.exitCode })),
      })),
  },
  {
    name: "throws where a program fails",
    caughtBy: "process/exit-codes",
    breaks: (provider) =>
      changedProcess(provider, ({ exit }) => ({
        exit: exit.then((actual) =>
          actual.exitCode ? Promise.reject(new SandboxError("process", "it failed")) : actual,
        ),
      })),
  },
  {
    name: "says exit 0 on a lost stream",
    caughtBy: "faults/lost-streams",
    breaks: (provider) =>
      changedProcess(provider, ({ exit }) => ({
        exit: exit.then((actual) => (actual.reason === "lost" ? codeOr0(actual) : actual)),
      })),
  },
  {
    name: "ends the output cleanly on a cut frame",
    caughtBy: "faults/lost-streams",
    breaks: (provider) => changedProcess(provider, ({ output }) => ({ output: endsCleanly(output) })),
  },
  {
    name: "merges stderr into stdout",
    caughtBy: "process/output-both-streams",
    breaks: (provider) =>
      changedProcess(provider, ({ output }) => ({
        output: mapped(output, (chunk) => ["stream" in chunk ? { ...chunk, stream: "stdout" as const } : chunk]),
      })),
  },
  {
    name: "drops one piece of output in many",
    caughtBy: "process/output-intact",
    breaks: (provider) =>
      changedProcess(provider, ({ output }) => ({
        output: mapped(output, (chunk) => (chunk.offset > 5_000_000 && chunk.offset < 5_300_000 ? [] : [chunk])),
      })),
  },
  {
    name: "truncates every piece at 64 KiB",
    caughtBy: "process/output-intact",
    breaks: (provider) =>
      changedProcess(provider, ({ output }) => ({
        output: mapped(output, (chunk) => [
          "bytes" in chunk ? { ...chunk, bytes: chunk.bytes.subarray(0, 65_535) } : chunk,
        ]),
      })),
  },
  {
    name: "decodes the output as text",
    caughtBy: "process/output-utf8-cut",
    breaks: (provider) =>
      changedProcess(provider, ({ output }) => ({
        output: mapped(output, (chunk) => [
          "bytes" in chunk ? { ...chunk, bytes: Buffer.from(Buffer.from(chunk.bytes).toString("utf8")) } : chunk,
        ]),
      })),
  },
  {
    name: "keeps the output back until the end",
    caughtBy: "process/output-live",
    hangs: true,
    breaks: (provider) => changedProcess(provider, (process) => ({ output: afterExit(process) })),
  },
  {
    name: "believes a forged marker",
    caughtBy: "process/output-hostile",
    breaks: (provider) =>
      changedProcess(provider, ({ output, exit }) => {
        let believe: () => void = () => {};
        const believed = new Promise<void>((resolve) => {
          believe = resolve;
        });
        return {
          output: untilMarker(output, believe),
          // The process may have ended before its output is read.
          exit: Promise.all([exit, believed]).then(() => ({ exitCode: 0, reason: "exited" })),
        };
      }),
  },
  {
    name: "kills by detaching",
    caughtBy: "process/kill-reaches-grandchildren",
    breaks: (provider) =>
      changedProcess(provider, ({ exit }) => {
        let detach: (actual: ProcessExit) => void = () => {};
        const detached = new Promise<ProcessExit>((resolve) => {
          detach = resolve;
        });
        const kill = async (): Promise<void> => detach({ exitCode: null, signal: "SIGKILL", reason: "killed" });
        return { kill, exit: Promise.race([exit, detached]) };
      }),
  },
  {
    name: "leaks a child when it kills",
    caughtBy: "process/kill-reaches-grandchildren",
    breaks: (provider) =>
      changedProcess(provider, (process) => ({
        // As another signal than SIGKILL does: the process itself, and nothing below it.
        kill: async () => {
          await process.kill("SIGINT");
        },
        exit: process.exit.then(() => ({ exitCode: null, signal: "SIGKILL", reason: "killed" })),
      })),
  },
  {
    name: "fails to kill what has ended",
    caughtBy: "process/kill-again",
    breaks: (provider) =>
      changedProcess(provider, (process) => {
        let ended = false;
        process.exit.then(() => {
          ended = true;
        });
        return {
          kill: async (signal) => (ended ? Promise.reject(new SandboxError("process", "gone")) : process.kill(signal)),
        };
      }),
  },
  {
    name: "forgets the time-out",
    caughtBy: "process/timeout-kills",
    hangs: true,
    breaks: (provider) => changedSpawn(provider, ({ timeoutMs: _, ...options }) => options),
  },
  {
    name: "forgets the signal",
    caughtBy: "process/abort-kills",
    hangs: true,
    breaks: (provider) => changedSpawn(provider, ({ signal: _, ...options }) => options),
  },
  {
    name: "starts what was aborted beforehand",
    caughtBy: "process/spawn-aborted",
    breaks: (provider) =>
      changedSandbox(provider, (sandbox) => ({
        spawn: async (argv, { signal, ...options } = {}) => {
          const process = await sandbox.spawn(argv, options);
          if (signal?.aborted) throw new SandboxError("aborted", "stopped");
          return process;
        },
      })),
  },
  {
    name: "runs everything through a shell",
    caughtBy: "process/argv-untouched",
    breaks: (provider) =>
      changedSandbox(provider, (sandbox) => ({
        spawn: (argv, options) => sandbox.spawn(["sh", "-c", argv.map((word) => `"${word}"`).join(" ")], options),
      })),
  },
  {
    name: "drops the environment of a process",
    caughtBy: "process/spawn-environment",
    breaks: (provider) => changedSpawn(provider, ({ env: _, ...options }) => options),
  },
  {
    name: "tells a missing program as a program that failed",
    caughtBy: "process/spawn-failures",
    breaks: (provider) =>
      changedSandbox(provider, (sandbox) => ({
        spawn: (argv, options) => sandbox.spawn(argv, options).catch(() => sandbox.spawn(["sh", "-c", "exit 127"])),
      })),
  },
  {
    name: "attaches at the beginning, whatever was asked",
    caughtBy: "process/attach-offsets",
    breaks: (provider) => changedSandbox(provider, (sandbox) => ({ attach: (id) => sandbox.attach(id, 0) })),
  },
  {
    name: "hides what a late reader has missed",
    caughtBy: "process/detached-gap",
    breaks: (provider) =>
      changedSandbox(provider, (sandbox) => ({
        attach: async (id, from) => {
          const process = await sandbox.attach(id, from);
          const output = mapped(process.output, (chunk) => ("gap" in chunk ? [] : [chunk]));
          return {
            id: process.id,
            output,
            exit: process.exit,
            write: process.write,
            closeInput: process.closeInput,
            kill: process.kill,
          };
        },
      })),
  },
  {
    name: "quiesces only what it started",
    caughtBy: "process/quiesce",
    breaks: (provider) =>
      changedSandbox(provider, (sandbox) => ({
        quiesce: async () => {
          for (const { id, exit } of await sandbox.processes()) {
            if (exit === undefined) await (await sandbox.attach(id, 0)).kill("SIGTERM");
          }
        },
      })),
  },
  {
    name: "lists no arguments",
    caughtBy: "process/listed",
    breaks: (provider) =>
      changedSandbox(provider, (sandbox) => ({
        processes: async () =>
          (await sandbox.processes()).map((actual) => ({ ...actual, argv: actual.argv.slice(0, 1) })),
      })),
  },
];
