import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { ConnectFailure } from "../connect/connect-failure.ts";
import type { EnvdState } from "../envd-state.ts";
import { describeError, errorCode } from "../system-error.ts";
import type { User } from "../users/user.ts";
import { userPath } from "../users/user-path.ts";
import { asUserCommand } from "./as-user-command.ts";
import { findProgram } from "./find-program.ts";
import { processEnvironment } from "./process-environment.ts";
import type { ProcessRequest } from "./process-request.ts";
import { RunningProcess } from "./running-process.ts";
import { startFailure } from "./start-failure.ts";
import { Terminal, terminalArgv } from "./terminal.ts";

/** Starts a program for a user. Throws `invalid_argument` for what cannot be started. */
export async function startProcess(request: ProcessRequest, user: User, state: EnvdState): Promise<RunningProcess> {
  const cwd = workingDirectory(request.cwd ?? "", user, state);
  const env = processEnvironment(user, state.envVars, request.envs);
  const program = findProgram(request.cmd, cwd, env.PATH ?? "");
  const argv = [program, ...request.args] as const;
  if (request.terminal === undefined) {
    const stdin = request.stdin ? "pipe" : "ignore";
    const child = await launch([...argv], user, { cwd, env, stdio: [stdin, "pipe", "pipe"] });
    return new RunningProcess(request, child, undefined);
  }
  // `script` runs its command in the shell that the variable names.
  const inner = { ...env, SHELL: "/bin/sh" };
  const restored = ["/usr/bin/env", ...(env.SHELL === undefined ? ["-u", "SHELL"] : [`SHELL=${env.SHELL}`]), ...argv];
  const child = await launch(terminalArgv(restored, request.terminal), user, {
    cwd,
    env: inner,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  return new RunningProcess(request, child, await Terminal.open(child));
}

interface LaunchOptions {
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly stdio: ("pipe" | "ignore")[];
}

async function launch(argv: [string, ...string[]], user: User, options: LaunchOptions): Promise<ChildProcess> {
  const command = asUserCommand(argv, user);
  try {
    const child = spawn(command.argv[0], command.argv.slice(1), { ...options, ...command.ids, detached: true });
    if (child.pid === undefined) await once(child, "spawn");
    else raiseOomScore(child.pid);
    return child;
  } catch (error) {
    throw startFailure(argv[0], error);
  }
}

function workingDirectory(cwd: string, user: User, state: EnvdState): string {
  let directory: string;
  try {
    directory = userPath(cwd, user, state.defaultWorkdir);
  } catch (error) {
    throw new ConnectFailure("invalid_argument", describeError(error));
  }
  try {
    if (statSync(directory).isDirectory()) return directory;
  } catch (error) {
    if (errorCode(error) === "ENOENT")
      throw new ConnectFailure("invalid_argument", `cwd '${directory}' does not exist`);
    throw new ConnectFailure("invalid_argument", `cwd '${directory}': ${describeError(error)}`);
  }
  throw new ConnectFailure("invalid_argument", `cwd '${directory}' is not a directory`);
}

/** When memory runs out, the kernel should take what runs here and not envd. */
function raiseOomScore(pid: number): void {
  try {
    const own = Number(readFileSync("/proc/self/oom_score_adj", "utf8"));
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(Math.min(1000, own + 100)));
  } catch {
    // Where the kernel does not let it be set, its own order of victims stands.
  }
}
