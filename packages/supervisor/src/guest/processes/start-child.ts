import { type ChildProcess, spawn } from "node:child_process";
import type { SpawnRequest } from "../../protocol/messages.ts";
import type { GuestConfig } from "../guest-config.ts";
import { root } from "../root.ts";
import { SupervisorFailure } from "../supervisor-failure.ts";
import { asUser, type SandboxUser, startedAs } from "./as-user.ts";
import { childEnvironment } from "./child-environment.ts";
import { raiseOomScore, raiseOomScoreOf } from "./oom-score.ts";

/** Starts a program as the user or as the sandbox's own root, in a session of its own. Rejects when it cannot be started. */
export async function startChild(
  request: SpawnRequest,
  id: string,
  configuredEnv: Readonly<Record<string, string>>,
  config: GuestConfig,
): Promise<ChildProcess> {
  const cwd = request.cwd ?? config.workspaceDir;
  const user = userOf(request, config);
  enter(cwd, user, config);
  const restoreOomScore = raiseOomScore();
  let child: ChildProcess;
  try {
    child = spawn(request.argv[0], request.argv.slice(1), {
      stdio: [request.stdin === "closed" ? "ignore" : "pipe", "pipe", "pipe"],
      env: childEnvironment(id, configuredEnv, request, config),
      ...startedAs(user),
      detached: true,
    });
  } catch (error) {
    throw startFailure(request.argv[0], error);
  } finally {
    restoreOomScore();
    process.chdir("/");
  }
  return new Promise((resolve, reject) => {
    child.once("spawn", () => {
      raiseOomScoreOf(child.pid);
      resolve(child);
    });
    child.once("error", (error) => reject(startFailure(request.argv[0], error)));
  });
}

/** Whom a program is started as. */
export function userOf(request: SpawnRequest, config: GuestConfig): SandboxUser {
  if (request.asRoot !== true) return config;
  if (config.rootInside) return root;
  throw new SupervisorFailure("capability-unsupported", "The sandbox has no root of its own.");
}

/**
 * The child inherits the directory. Were it left to the child, the step into it would be root's, who without its
 * capabilities may not enter what is the user's alone.
 */
function enter(cwd: string, user: SandboxUser, config: GuestConfig): void {
  if (!cwd.startsWith("/")) throw new SupervisorFailure("invalid-options", `The directory ${cwd} is not absolute.`);
  try {
    if (cwd === config.workspaceDir && tryEnter(cwd)) return;
    asUser(user, () => process.chdir(cwd));
  } catch (error) {
    const reasons: Record<string, string> = {
      ENOENT: "does not exist",
      ENOTDIR: "is not a directory",
      EACCES: "may not be entered by the sandbox's user",
    };
    const code = errorCode(error);
    throw new SupervisorFailure("process", `The directory ${cwd} ${reasons[code] ?? `cannot be entered (${code})`}.`);
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
