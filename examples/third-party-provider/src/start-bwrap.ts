import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import { mapUsers } from "@glovebox/provider-kit/local";
import { z } from "zod";

export interface BwrapOptions {
  readonly bwrap: string;
  /** bwrap's own arguments; what seals the sandbox is among them. */
  readonly args: readonly string[];
  /** What runs inside. */
  readonly command: readonly string[];
  /** Put before bwrap, as in `prlimit … flock … bwrap`. */
  readonly prefix?: readonly string[] | undefined;
  /** The compiled filter of system calls. */
  readonly seccompFile?: string | undefined;
  /** Where its error output goes; appended to. */
  readonly log: string;
  /** Called with the first process inside, before it runs anything, and the first of `prefix`. */
  readonly onProcess?: (pid: number, outerPid: number) => void;
}

export interface StartedBwrap {
  readonly child: ChildProcess;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly exit: Promise<number | null>;
}

const infoSchema = z.object({ "child-pid": z.number().int().positive() });

const [infoFd, blockFd, argsFd, seccompFd] = [3, 4, 5, 6];

/**
 * Starts bwrap in a session of its own, so that it outlives this process. Resolves when its namespace has its users and
 * the command is about to run; rejects when it ends before that.
 */
export async function startBwrap(options: BwrapOptions): Promise<StartedBwrap> {
  const { bwrap, args, command, prefix = [], seccompFile, log, onProcess } = options;
  const files = [openSync(log, "a", 0o600), ...(seccompFile === undefined ? [] : [openSync(seccompFile, "r")])];
  const [logFile = "ignore", seccomp] = files;
  const [program = bwrap, ...rest] = [
    ...[...prefix, bwrap, "--info-fd", `${infoFd}`, "--userns-block-fd", `${blockFd}`, "--args", `${argsFd}`],
    ...(seccomp === undefined ? [] : ["--seccomp", `${seccompFd}`]),
    ...["--", ...command],
  ];
  const child = spawn(program, rest, {
    detached: true,
    cwd: "/",
    // Nothing of this process's environment is a sandbox's, nor its helpers'.
    env: { PATH: process.env.PATH },
    stdio: ["pipe", "pipe", logFile, "pipe", "pipe", "pipe", ...(seccomp === undefined ? [] : [seccomp])],
  });
  for (const file of files) closeSync(file);
  for (const pipe of child.stdio) pipe?.on("error", () => {});
  const exit = new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null)).once("exit", (code) => resolve(code));
  });
  const [stdin, stdout, , info, block, input] = child.stdio as unknown as [Writable, Readable, ...Writable[]];
  input?.end(args.map((argument) => `${argument}\0`).join(""));
  try {
    const pid = await readPid(info as unknown as Readable, exit);
    await mapUsers(pid);
    if (child.pid !== undefined) onProcess?.(pid, child.pid);
    block?.end("1");
    return { child, stdin, stdout, exit };
  } catch (error) {
    // It still waits for its users, and ends when the pipe closes.
    child.kill("SIGKILL");
    block?.destroy();
    throw error;
  }
}

async function readPid(info: Readable, exit: Promise<number | null>): Promise<number> {
  let text = "";
  const written = new Promise<void>((resolve) => {
    info.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      if (text.includes("}")) resolve();
    });
  });
  const ended = await Promise.race([written.then(() => false), exit.then(() => true)]);
  if (ended) throw new SandboxUnavailableError("bwrap ended before it began");
  return infoSchema.parse(JSON.parse(text))["child-pid"];
}
