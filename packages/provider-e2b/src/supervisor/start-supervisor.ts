import { randomBytes } from "node:crypto";
import { type CallOptions, dropUndefined, SandboxUnavailableError } from "@glovebox/core/provider";
import type { SupervisorConfig } from "@glovebox/supervisor";
import type { Sandbox } from "e2b";
import type { E2bApi } from "../api/e2b-api.ts";
import { runAsRoot } from "./run-as-root.ts";
import { supervisorPort, unusedEgressPort } from "./sandbox-paths.ts";
import { notSetUpExitCode, startScript, startVariables } from "./start-script.ts";

/** The script is repeated once if it is killed, for instance when E2B pauses the sandbox. */
const attempts = 2;

export interface StartSupervisorOptions extends CallOptions {
  /** The lease of a supervisor that is started here, in milliseconds from now. Without it, only a running one is found. */
  readonly ttlMs?: number;
  /** Kills processes of an earlier start first. */
  readonly fresh?: boolean;
  /** The digest that the sandbox must have been set up with. */
  readonly setUp?: string;
  readonly rootInside?: boolean | undefined;
  /** Whether the sandbox has no network access. */
  readonly isClosed?: boolean;
  /** Open files per process. */
  readonly openFiles?: number | undefined;
}

/**
 * Starts the supervisor as root unless it is running, and returns the token of its endpoint. Returns `undefined` if the
 * sandbox is not set up, or if no supervisor is running and `ttlMs` is missing.
 */
export async function startSupervisor(
  api: E2bApi,
  handle: Sandbox,
  options: StartSupervisorOptions,
): Promise<string | undefined> {
  const operation = "starting the supervisor in the sandbox";
  const envs = environmentOf(options);
  let reason = "";
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const script = { operation, script: startScript, envs, signal: options.signal };
    const { exitCode, stdout, stderr } = await runAsRoot(api, handle, script);
    if (exitCode === notSetUpExitCode) return undefined;
    if (exitCode === 0 && /^[0-9a-f]{64}$/.test(stdout)) return stdout;
    reason = lastLine(stderr) || `exit code ${exitCode}`;
  }
  throw new SandboxUnavailableError(`Cannot start the supervisor in the sandbox: ${reason}`, {
    providerId: "e2b",
    retryable: false,
    hint: "The template needs a shell, util-linux and procps. Build a template that has them.",
    remedy: { do: "build-template" },
  });
}

function environmentOf(options: StartSupervisorOptions): Record<string, string> {
  const { ttlMs, fresh, setUp, rootInside = false, isClosed, openFiles } = options;
  const token = randomBytes(32).toString("hex");
  const flag = (isSet: boolean | undefined): string | undefined => (isSet ? "1" : undefined);
  const config: SupervisorConfig | undefined =
    ttlMs === undefined
      ? undefined
      : { ttlMs, rootInside, egressPort: unusedEgressPort, endpoint: { port: supervisorPort, token } };
  return dropUndefined({
    [startVariables.config]: config && JSON.stringify(config),
    [startVariables.token]: config && token,
    [startVariables.fresh]: flag(fresh),
    [startVariables.setUp]: setUp,
    [startVariables.isClosed]: flag(isClosed),
    [startVariables.rootInside]: flag(rootInside),
    [startVariables.openFiles]: openFiles?.toString(),
  });
}

function lastLine(text: string): string {
  return (text.trim().split("\n").at(-1) ?? "").slice(0, 500);
}
