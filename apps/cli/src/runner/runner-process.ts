import { type ChildProcess, spawn } from "node:child_process";
import { SandboxAbortedError, SandboxError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { listenForInterrupts } from "../run/interrupts.ts";
import type { Terminal } from "../terminal.ts";
import { runnerCommand } from "./runner-command.ts";
import { errorOfReport, type RunnerReport, type RunnerTask } from "./runner-message.ts";

/**
 * Starts a process that carries a run: in a session of its own, without a terminal. Resolves to its id once the run has
 * begun, and rejects with what kept it from beginning. Whatever ends this process before, the other one then ends too, and has
 * made nothing; and so it does at Ctrl-C.
 */
export async function startRunnerProcess(task: RunnerTask, { env }: Pick<Terminal, "env">): Promise<number> {
  const [, program = ""] = process.argv;
  // The run's id is for `ps`: what is secret or long passes through the channel.
  const args = [...process.execArgv, "--", program, runnerCommand, task.runId];
  const child = spawn(process.execPath, args, {
    cwd: task.cwd,
    detached: true,
    // It leaves this directory, from which a relative path would lead elsewhere.
    env: { ...env, GLOVEBOX_HOME: stateDirectory(env) } as NodeJS.ProcessEnv,
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  try {
    await untilBegun(child, task);
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
  return child.pid ?? 0;
}

async function untilBegun(child: ChildProcess, task: RunnerTask): Promise<void> {
  let interrupts: Disposable | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      child.once("message", (report: RunnerReport) => {
        if (report.type === "begun") resolve();
        else reject(errorOfReport(report.error));
      });
      child.once("error", (cause) => reject(notStarted(cause.message, cause)));
      child.once("exit", (code, signal) => reject(notStarted(`it ended with ${signal ?? `exit code ${code}`}`)));
      const cancel = () => reject(new SandboxAbortedError("Cancelled"));
      interrupts = listenForInterrupts({ first: cancel, second: cancel });
      child.send(task, (error) => {
        if (error !== null) reject(notStarted(error.message, error));
      });
    });
  } finally {
    interrupts?.[Symbol.dispose]();
  }
}

function notStarted(reason: string, cause?: unknown): SandboxError {
  return new SandboxError("internal", `The process that would carry the run did not start it: ${reason}`, {
    hint: "Without --detach the run is carried by this process, which shows what goes wrong.",
    cause,
  });
}
