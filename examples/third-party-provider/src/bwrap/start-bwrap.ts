import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import { z } from "zod";
import { mapUsers } from "./user-map.ts";

export interface BwrapOptions {
  /** The program. */
  readonly bwrap: string;
  /** bwrap's own arguments; what seals the sandbox is among them. */
  readonly args: readonly string[];
  /** What runs inside. */
  readonly command: readonly string[];
  /** Put before bwrap, as in `prlimit … flock … bwrap`. */
  readonly prefix?: readonly string[];
  /** The compiled filter of system calls. */
  readonly seccompFile?: string;
  /** Where its error output goes; appended to. */
  readonly log: string;
  /** Told the process that is the first inside, before anything of it runs. */
  readonly onProcess?: (pid: number) => void;
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
  const [stdin, stdout, , info, block, given] = child.stdio as unknown as [Writable, Readable, ...Writable[]];
  given?.end(args.map((argument) => `${argument}\0`).join(""));
  try {
    const pid = await readPid(info as unknown as Readable, exit);
    await mapUsers(pid);
    onProcess?.(pid);
    block?.end("1");
    return { child, stdin, stdout, exit };
  } catch (error) {
    // It still waits for its users, and goes when it hears that nobody will give it any.
    child.kill("SIGKILL");
    block?.destroy();
    throw error;
  }
}

async function readPid(info: Readable, exit: Promise<number | null>): Promise<number> {
  let text = "";
  const told = new Promise<void>((resolve) => {
    info.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      if (text.includes("}")) resolve();
    });
  });
  const ended = await Promise.race([told.then(() => false), exit.then(() => true)]);
  if (ended) throw new SandboxUnavailableError("bwrap ended before it began", { providerId: "bubblewrap" });
  return infoSchema.parse(JSON.parse(text))["child-pid"];
}
