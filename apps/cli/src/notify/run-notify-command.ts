import { spawn } from "node:child_process";
import { safeJson, safeLine } from "@glovebox/core/text";
import { OwnSecrets } from "../plan/own-secrets.ts";
import type { Environment } from "../terminal.ts";
import type { Notification } from "./notification.ts";

export interface NotifyCommandOptions {
  readonly env: Environment;
  readonly directory: string;
  readonly signal: AbortSignal;
}

const mostOutput = 4096;

/**
 * Runs a command of the host's shell with the notification as JSON on standard input, and its ids as variables. The command gets
 * the environment without what Glovebox and its providers sign in with. Rejects when it fails; once the signal is aborted, it and
 * what it started are killed.
 */
export async function runNotifyCommand(
  command: string,
  notification: Notification,
  { env, directory, signal }: NotifyCommandOptions,
): Promise<void> {
  const { type, runId, outcome = "" } = notification;
  const child = spawn("/bin/sh", ["-c", command], {
    ...{ cwd: directory, detached: true, stdio: ["pipe", "ignore", "pipe"] },
    env: {
      ...withoutSecrets(env),
      ...homeOf(env),
      GLOVEBOX_EVENT: type,
      GLOVEBOX_RUN_ID: runId,
      GLOVEBOX_OUTCOME: outcome,
    },
  });
  // The command may end without reading what it gets.
  child.stdin.on("error", () => {});
  child.stdin.end(`${safeJson(notification)}\n`);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-mostOutput);
  });
  const kill = () => void killGroup(child.pid);
  signal.addEventListener("abort", kill, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", resolve);
    });
    if (signal.aborted) throw new Error("it took too long and was killed");
    if (code !== 0) throw new Error(`it ended with ${code ?? "a signal"}${said === "" ? "" : `: ${safeLine(said)}`}`);
  } finally {
    signal.removeEventListener("abort", kill);
    child.stderr.destroy();
    child.unref();
  }
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** So that the command can run `glovebox` for the same runs. */
function homeOf({ GLOVEBOX_HOME }: Environment): NodeJS.ProcessEnv {
  return GLOVEBOX_HOME === undefined ? {} : { GLOVEBOX_HOME };
}

function withoutSecrets(env: Environment): NodeJS.ProcessEnv {
  const own = new OwnSecrets({ env, variables: [], values: [] });
  const isProxy = (name: string) => /^(?:https?|all)_proxy$/i.test(name);
  return Object.fromEntries(
    Object.entries(env).filter(([name, value = ""]) => isProxy(name) || !(own.names(name) || own.isIn(value))),
  );
}
