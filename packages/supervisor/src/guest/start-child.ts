import { type ChildProcess, spawn } from "node:child_process";
import type { SpawnRequest } from "../protocol/messages.ts";
import { asUser } from "./as-user.ts";
import { childEnvironment } from "./child-environment.ts";
import type { GuestConfig } from "./guest-config.ts";
import { raiseOomScore } from "./oom-score.ts";
import { SupervisorFailure } from "./supervisor-failure.ts";

/** Starts a program as the user, in a session of its own, with no capability. Rejects when it cannot be started. */
export async function startChild(
  request: SpawnRequest,
  id: string,
  configuredEnv: Readonly<Record<string, string>>,
  config: GuestConfig,
): Promise<ChildProcess> {
  const cwd = request.cwd ?? config.workspaceDir;
  enter(cwd, config);
  const restoreOomScore = raiseOomScore();
  let child: ChildProcess;
  try {
    child = spawn(request.argv[0], request.argv.slice(1), {
      stdio: [request.stdin === "closed" ? "ignore" : "pipe", "pipe", "pipe"],
      env: childEnvironment(id, configuredEnv, request.env, config),
      uid: config.uid,
      gid: config.gid,
      detached: true,
    });
  } catch (error) {
    throw startFailure(request.argv[0], error);
  } finally {
    restoreOomScore();
    process.chdir("/");
  }
  return new Promise((resolve, reject) => {
    child.once("spawn", () => resolve(child));
    child.once("error", (error) => reject(startFailure(request.argv[0], error)));
  });
}

/**
 * The child inherits the folder. Were it left to the child, the step into it would be root's, who without its
 * capabilities may not enter what is the user's alone.
 */
function enter(cwd: string, config: GuestConfig): void {
  if (!cwd.startsWith("/")) throw new SupervisorFailure("invalid-options", `The folder ${cwd} is not absolute.`);
  try {
    if (cwd === config.workspaceDir && tryEnter(cwd)) return;
    asUser(config, () => process.chdir(cwd));
  } catch (error) {
    const reasons: Record<string, string> = {
      ENOENT: "does not exist",
      ENOTDIR: "is not a folder",
      EACCES: "may not be entered by the sandbox's user",
    };
    const code = errorCode(error);
    throw new SupervisorFailure("process", `The folder ${cwd} ${reasons[code] ?? `cannot be entered (${code})`}.`);
  }
}

/** The workspace is open to all unless the agent has closed it: root's own step is four changes of user cheaper. */
function tryEnter(workspace: string): boolean {
  try {
    process.chdir(workspace);
    return true;
  } catch {
    return false;
  }
}

function startFailure(program: string, error: unknown): SupervisorFailure {
  const reasons: Record<string, string> = {
    ENOENT: "it, or the interpreter that its first line names, was not found",
    EACCES: "permission denied",
    EAGAIN: "the limit of processes is reached",
    E2BIG: "the arguments and the environment are too long",
    ENOMEM: "there is not enough memory",
    ENOEXEC: "it is not a program for this system",
  };
  const code = errorCode(error);
  if (code.startsWith("ERR_")) return new SupervisorFailure("invalid-options", (error as Error).message);
  return new SupervisorFailure("process", `The program ${program} cannot be started: ${reasons[code] ?? code}.`);
}

function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
