import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { platform } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import {
  dropUndefined,
  SandboxAbortedError,
  type SandboxError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import { installPackages, isDebianFamily, rootPrefix } from "@glovebox/image-builder";
import type Docker from "dockerode";
import { createEngine, type EngineEndpoint, resolveEngineEndpoint } from "./engine-endpoint.ts";
import { mapEngineError } from "./engine-error.ts";
import { runEngineScript } from "./engine-process.ts";
import { startScript, startSystemdScript, statusScript } from "./engine-script.ts";

/** How `ensureEngine` makes sure that a Docker engine is running. */
export interface EnsureEngineOptions {
  /** Where the engine is expected; resolved as the docker CLI does when absent. */
  readonly endpoint?: EngineEndpoint;
  /** Asked once, before anything is installed or started. `false` ends with an `unavailable` error. */
  readonly consent: () => Promise<boolean>;
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** What `ensureEngine` did. */
export interface EnsuredEngine {
  /** Whether this call started the engine. */
  readonly started: boolean;
  /** Whether this call installed it. */
  readonly installed: boolean;
}

const readyWithinMs = 60_000;

/**
 * Ensures that an engine answers. Does nothing when one does.
 *
 * Where none answers at the default place on a Debian or Ubuntu, as root or by sudo, it asks for consent, installs
 * Debian's engine unless there is one, and starts it: by systemd where that runs the machine, else as a process of its
 * own that {@link stopEngine} knows. Elsewhere it rejects with `unavailable`, and the hint says what to install.
 */
export async function ensureEngine(options: EnsureEngineOptions): Promise<EnsuredEngine> {
  const { consent, onProgress, signal } = options;
  const endpoint = options.endpoint ?? (await resolveEngineEndpoint());
  const engine = createEngine(endpoint);
  const problem = await problemOf(engine);
  if (problem === undefined) return { started: false, installed: false };
  if (problem.code === "timeout") throw silent(endpoint, problem);
  if (problem.code !== "unavailable") throw problem;
  const prefix = await wayToInstall(endpoint, problem);
  if (!(await consent())) throw cannot("none is started unasked", problem);
  stopIfAborted(signal);

  const systemd = existsSync("/run/systemd/system");
  const installed = !["/usr/bin/dockerd", "/usr/sbin/dockerd", "/usr/local/bin/dockerd"].some((path) =>
    existsSync(path),
  );
  if (installed) {
    await installPackages(["docker.io", "iptables"], dropUndefined({ prefix, onProgress, signal }));
  }
  onProgress?.("starting the Docker engine");
  await runEngineScript(systemd ? startSystemdScript : startScript, prefix, "starting the Docker engine", signal);
  await untilReady(engine, prefix, signal);
  return { started: true, installed };
}

/** One that is there and hangs: another one is no help. */
function silent(endpoint: EngineEndpoint, cause: SandboxError): SandboxUnavailableError {
  return new SandboxUnavailableError(`The Docker engine at ${endpoint.description} does not answer`, {
    providerId: "docker",
    retryable: false,
    hint: "It accepts connections and hangs: look at its log, or restart it.",
    cause,
  });
}

async function problemOf(engine: Docker): Promise<SandboxError | undefined> {
  const abortSignal = AbortSignal.timeout(10_000);
  const statusCodes = { 200: true, 500: "server error" };
  return new Promise((resolve) => {
    engine.modem.dial({ path: "/_ping", method: "GET", abortSignal, statusCodes }, (error) => {
      resolve(error === null ? undefined : mapEngineError(error, "asking whether it is there"));
    });
  });
}

/** What stands before a command that needs root; rejects where this is no place to install an engine. */
async function wayToInstall(endpoint: EngineEndpoint, problem: SandboxError): Promise<readonly string[]> {
  if (endpoint.source !== "default") {
    throw cannot(
      `it should be at ${endpoint.description} (from ${endpoint.source})`,
      problem,
      "Start it there, or unset that.",
    );
  }
  if (platform() === "darwin") {
    throw cannot("none is running", problem, "Install Docker Desktop, OrbStack or Colima, and start it.");
  }
  const kernel = await readFile("/proc/version", "utf8").catch(() => "");
  if (platform() === "win32" || /microsoft/i.test(kernel)) {
    throw cannot(
      "none is running",
      problem,
      "Install Docker Desktop on Windows, switch WSL integration on, and start it.",
    );
  }
  if (!(await isDebianFamily())) {
    throw cannot("none is running", problem, "Install and start Docker: https://docs.docker.com/engine/install/");
  }
  const prefix = await rootPrefix();
  if (prefix === undefined) {
    throw cannot(
      "installing one takes root",
      problem,
      "Run `sudo apt-get install docker.io` and `sudo systemctl start docker`.",
    );
  }
  return prefix;
}

async function untilReady(engine: Docker, prefix: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    const problem = await problemOf(engine);
    if (problem === undefined) return;
    stopIfAborted(signal);
    if (problem.code === "authentication") throw problem;
    const [state, ...log] = (await runEngineScript(statusScript, prefix, "looking after the Docker engine")).split(
      "\n",
    );
    if (state === "ended" || Date.now() > deadline) {
      const what = state === "ended" ? "ended at once" : `does not answer after ${readyWithinMs / 1000} s`;
      throw new SandboxUnavailableError(
        `The Docker engine that was started ${what}\n${log.join("\n").slice(-2000)}`.trimEnd(),
        {
          providerId: "docker",
          retryable: false,
          hint: "Its log is /run/glovebox-engine/log; with systemd, see `journalctl -u docker`.",
          cause: problem,
        },
      );
    }
    await delay(100);
  }
}

function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new SandboxAbortedError("Stopped while preparing a Docker engine", {
      providerId: "docker",
      cause: signal.reason,
    });
  }
}

const startIt = { hint: "Start Docker, or have it installed and started.", remedy: { do: "set-up" } } as const;

function cannot(why: string, cause: SandboxError, hint?: string): SandboxError {
  return new SandboxUnavailableError(`No Docker engine answers: ${why}`, {
    providerId: "docker",
    retryable: false,
    ...(hint === undefined ? startIt : { hint }),
    cause,
  });
}
