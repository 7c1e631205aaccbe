import { setTimeout as delay } from "node:timers/promises";
import { SandboxError, SandboxUnavailableError } from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import type Docker from "dockerode";
import { inspectSandbox, isStatus } from "./inspect-container.ts";
import { pauseContainer } from "./pause-container.ts";
import { execConnect } from "./streams/exec-connect.ts";
import { startContainer } from "./streams/start-container.ts";
import { withDeadline } from "./with-deadline.ts";

const inspectTimeoutMs = 20_000;
const unpauseTimeoutMs = 20_000;
const stopTimeoutMs = 20_000;
/** How long a container whose lease ended while it was frozen takes to end its processes and itself. */
const endingMs = 5000;
const betweenLooksMs = 100;

/** A container in the state that it was found in. */
export interface FoundContainer {
  readonly id: string;
  /** The engine's word: `created`, `running`, `paused`, `exited`, `removing`, `dead`. */
  readonly status: string;
}

export interface WakeOptions extends FoundContainer {
  readonly ttlMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Starts a container that does not run, or whose supervisor does not answer, and connects to its supervisor. */
export async function wakeContainer(engine: Docker, options: WakeOptions): Promise<SupervisorConnection> {
  const { id, status, signal } = options;
  switch (status) {
    case "removing":
    case "dead":
      throw new SandboxUnavailableError(`The Docker sandbox ${id} is being removed`, { providerId: "docker" });
    case "paused":
      return unpauseContainer(engine, options);
    case "created":
      return startAbandoned(engine, id, signal);
    case "running":
      await killContainer(engine, id, signal);
      return startContainer(engine, id, signal);
    default:
      return startContainer(engine, id, signal);
  }
}

/** Puts a container that was woken back into the state that it was found in, as far as that is possible. */
export async function sleepAgain(
  engine: Docker,
  { id, status }: FoundContainer,
  connection: SupervisorConnection | undefined,
): Promise<void> {
  if (status !== "paused") return killContainer(engine, id);
  // Without a connection the engine may still be starting an exec, during which it must not pause.
  if (connection === undefined) return;
  await connection.holdLease().catch(() => {});
  await pauseContainer(engine, id);
}

async function killContainer(engine: Docker, id: string, signal?: AbortSignal): Promise<void> {
  const stopping = { operation: "stopping the container", timeoutMs: stopTimeoutMs, signal };
  await withDeadline(stopping, () => engine.getContainer(id).kill());
}

/** One whose lease ended while it was frozen stops as soon as it runs again: it is started again then. */
async function unpauseContainer(
  engine: Docker,
  { id, status, ttlMs, signal }: WakeOptions,
): Promise<SupervisorConnection> {
  let connection: SupervisorConnection | undefined;
  try {
    // Not with the signal: an engine that is to pause a container while it unpauses it, or starts an exec in it, may hang.
    const unpausing = { operation: "unpausing the container", timeoutMs: unpauseTimeoutMs };
    await withDeadline(unpausing, () => engine.getContainer(id).unpause());
    connection = await connectUnpaused(engine, id);
    await connection.extend(ttlMs);
    return connection;
  } catch (error) {
    const hasEnded = !signal?.aborted && (await endsSoon(engine, id));
    if (!hasEnded) await sleepAgain(engine, { id, status }, connection).catch(() => {});
    await connection?.close();
    if (hasEnded) return startContainer(engine, id, signal);
    throw error;
  }
}

/** Whether a container that runs again is about to stop, which its supervisor does as soon as it reads the clock. */
async function endsSoon(engine: Docker, id: string): Promise<boolean> {
  for (const until = performance.now() + endingMs; performance.now() < until; await delay(betweenLooksMs)) {
    const inspecting = { operation: "inspecting the container", timeoutMs: inspectTimeoutMs };
    const facts = await withDeadline(inspecting, (cancelled) => inspectSandbox(engine, id, cancelled)).catch(
      () => undefined,
    );
    if (facts?.status !== "running") return facts?.status === "exited";
  }
  return false;
}

/**
 * The engine may hear late that the container was paused, and for a moment takes it for paused again although it runs (20.10,
 * seen): it refuses to start anything there until it has heard of the unpausing too.
 */
async function connectUnpaused(engine: Docker, id: string): Promise<SupervisorConnection> {
  for (const until = performance.now() + unpauseTimeoutMs; ; await delay(betweenLooksMs)) {
    try {
      return await execConnect(engine, id, undefined);
    } catch (error) {
      const { cause } = error as Error;
      if (!isStatus(cause, 409) || performance.now() > until) throw error;
    }
  }
}

/**
 * Starts a container whose host died before it had. What the dead host was attached to takes the input with it when it
 * ends, soon after the start: the supervisor is connected to through an exec instead.
 */
async function startAbandoned(
  engine: Docker,
  id: string,
  signal: AbortSignal | undefined,
): Promise<SupervisorConnection> {
  try {
    await (await startContainer(engine, id, signal)).close();
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== "lost") throw error;
  }
  return execConnect(engine, id, signal);
}
