import { randomBytes } from "node:crypto";
import { type CallOptions, SandboxUnavailableError } from "@glovebox/core/provider";
import type { SupervisorConfig } from "@glovebox/supervisor";
import type { Sandbox } from "e2b";
import type { E2bApi } from "./e2b-api.ts";
import { doorPort, unusedEgressPort } from "./inside-paths.ts";
import { notSetUpExitCode, startScript, startVariables } from "./start-script.ts";

/** What ends the script from outside, as E2B's pausing may, hits the next try no more. */
const startTries = 2;

export interface StartOptions extends CallOptions {
  /** The lease of a supervisor that is started here, in milliseconds from now. Without it only one that runs is found. */
  readonly ttlMs?: number;
  /** Ends what runs of an earlier time first. */
  readonly fresh?: boolean;
  /** The digest that the sandbox must have been set up with. */
  readonly setUp?: string;
  readonly rootInside?: boolean;
  /** Nothing goes out. */
  readonly isShut?: boolean;
  /** Open files a process. */
  readonly openFiles?: number;
}

/**
 * Starts the supervisor of a sandbox unless one runs, as root and by a call of the SDK, and gives the token of its door.
 * `undefined` where the sandbox was not set up, or where none runs and none was to be started.
 */
export async function startSupervisor(
  api: E2bApi,
  inside: Sandbox,
  options: StartOptions,
): Promise<string | undefined> {
  const { ttlMs, fresh, setUp, rootInside, isShut, openFiles, signal } = options;
  const doing = "starting the supervisor in the sandbox";
  const token = randomBytes(32).toString("hex");
  const config: SupervisorConfig | undefined =
    ttlMs === undefined ? undefined : { ttlMs, egressPort: unusedEgressPort, door: { port: doorPort, token } };
  const envs = {
    ...(config && { [startVariables.config]: JSON.stringify(config), [startVariables.token]: token }),
    ...(fresh && { [startVariables.fresh]: "1" }),
    ...(setUp !== undefined && { [startVariables.setUp]: setUp }),
    ...(isShut && { [startVariables.isShut]: "1" }),
    ...(rootInside && { [startVariables.rootInside]: "1" }),
    ...(openFiles !== undefined && { [startVariables.openFiles]: String(openFiles) }),
  };
  let why = "";
  for (let left = startTries; left > 0; left -= 1) {
    const { exitCode, stdout, stderr } = await runAsRoot(api, inside, { doing, script: startScript, envs, signal });
    if (exitCode === notSetUpExitCode) return undefined;
    if (exitCode === 0 && /^[0-9a-f]{64}$/.test(stdout)) return stdout;
    why = lastLine(stderr) || `exit code ${exitCode}`;
  }
  throw new SandboxUnavailableError(`The supervisor does not start in the sandbox: ${why}`, {
    providerId: "e2b",
    retryable: false,
    hint: "The template needs a shell, util-linux and procps; `glovebox template build --provider e2b` makes one that has them.",
  });
}

export interface RootScript {
  readonly doing: string;
  readonly script: string;
  readonly envs: Record<string, string>;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  readonly onOutput?: (line: string) => void;
}

/** Runs a script by root's shell. A non-zero exit is a result. */
export async function runAsRoot(
  api: E2bApi,
  inside: Sandbox,
  { doing, script, envs, signal, timeoutMs, onOutput }: RootScript,
): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
  const options = { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) };
  return api.callInside(doing, options, async (call) => {
    // Not `run` in the foreground: there a non-zero exit is an exception.
    const handle = await inside.commands.run(script, {
      ...call,
      background: true,
      user: "root",
      cwd: "/",
      envs,
      // Time is kept here and not by the SDK, whose minute is too short for what is installed.
      timeoutMs: 0,
      ...(onOutput && { onStderr: onOutput, onStdout: onOutput }),
    });
    try {
      const { exitCode, stdout, stderr } = await handle.wait();
      return { exitCode, stdout, stderr };
    } catch (error) {
      const { exitCode, stdout, stderr } = error as { exitCode?: unknown; stdout?: unknown; stderr?: unknown };
      if (typeof exitCode !== "number") throw error;
      return { exitCode, stdout: String(stdout), stderr: String(stderr) };
    }
  });
}

function lastLine(text: string): string {
  return (text.trim().split("\n").at(-1) ?? "").slice(0, 500);
}
