import {
  type ConnectOptions,
  SandboxError,
  SandboxStoppedError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import type Docker from "dockerode";
import { checkTtl } from "./container/check-spec.ts";
import { execConnect } from "./container/exec-connect.ts";
import { type ContainerFacts, checkContainerId, inspectSandbox } from "./container/inspect-container.ts";
import { pauseContainer } from "./container/pause-container.ts";
import { startContainer } from "./container/start-container.ts";
import { withDeadline } from "./container/with-deadline.ts";
import { DockerSandbox } from "./docker-sandbox.ts";
import { checkEgress } from "./egress/check-egress.ts";
import { openEgress } from "./egress/open-egress.ts";

const inspectTimeoutMs = 20_000;
const unpauseTimeoutMs = 20_000;
const stopTimeoutMs = 20_000;

/** `SandboxProvider.connect`. */
export async function connectSandbox(engine: Docker, id: string, options: ConnectOptions = {}): Promise<DockerSandbox> {
  const { signal, wakeForMs, egress, egressObserver } = options;
  checkContainerId(id);
  if (wakeForMs !== undefined) checkTtl(wakeForMs, "lease");
  if (egress !== undefined) checkEgress(egress);
  const looking = { doing: "looking at the container", timeoutMs: inspectTimeoutMs, signal };
  const facts = await withDeadline(looking, (unwanted) => inspectSandbox(engine, id, unwanted));
  const way = egress && openEgress(egress, egressObserver);
  let connection: SupervisorConnection | undefined;
  try {
    connection = await reach(engine, facts, options);
    if (way !== undefined) await connection.configure(await way.configuration(), { ...(signal && { signal }) });
    return new DockerSandbox({ engine, id: facts.id, connection, created: false, egress: way });
  } catch (error) {
    await Promise.all([connection?.close(), way?.close()]);
    throw error;
  }
}

async function reach(engine: Docker, facts: ContainerFacts, options: ConnectOptions): Promise<SupervisorConnection> {
  const { signal, wakeForMs } = options;
  if (facts.status === "running") return execConnect(engine, facts.id, signal);
  if (facts.status === "removing" || facts.status === "dead") {
    throw new SandboxUnavailableError(`The Docker sandbox ${facts.id} is being removed`, { providerId: "docker" });
  }
  if (wakeForMs === undefined) {
    throw new SandboxStoppedError(`The Docker sandbox ${facts.id} does not run (${facts.status})`, {
      providerId: "docker",
      hint: "Its files are there: connect with wakeForMs to start it.",
    });
  }
  let connection: SupervisorConnection | undefined;
  try {
    connection = await wake(engine, facts, signal);
    await connection.extend(wakeForMs, { ...(signal && { signal }) });
    return connection;
  } catch (error) {
    await putBackToSleep(engine, facts, connection);
    throw error;
  }
}

/** It would stop by itself at its lease's end: a failure to stop it earlier must not hide why the waking failed. */
async function putBackToSleep(
  engine: Docker,
  { id, status }: ContainerFacts,
  connection: SupervisorConnection | undefined,
): Promise<void> {
  const stopping = { doing: "stopping the container", timeoutMs: stopTimeoutMs };
  const container = engine.getContainer(id);
  if (status !== "paused") await withDeadline(stopping, () => container.kill()).catch(() => {});
  // Without a connection the engine may still be starting an exec, during which it must not pause.
  else if (connection !== undefined) {
    await connection.holdLease().catch(() => {});
    await pauseContainer(engine, id).catch(() => {});
  }
  await connection?.close();
}

async function wake(
  engine: Docker,
  facts: ContainerFacts,
  signal: AbortSignal | undefined,
): Promise<SupervisorConnection> {
  if (facts.status === "created") return startAbandoned(engine, facts.id, signal);
  if (facts.status !== "paused") return startContainer(engine, facts.id, signal);
  // Not with the signal: an engine that is to pause a container while it unpauses it, or starts an exec in it, may hang.
  const unpausing = { doing: "unpausing the container", timeoutMs: unpauseTimeoutMs };
  await withDeadline(unpausing, () => engine.getContainer(facts.id).unpause());
  return execConnect(engine, facts.id, undefined);
}

/**
 * Starts a container whose host died before it had. What the dead host was attached to takes the input with it when it
 * ends, soon after the start: the supervisor is reached by a way of its own.
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
