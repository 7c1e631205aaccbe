import {
  dropUndefined,
  SandboxError,
  type SandboxErrorCode,
  SandboxLostError,
  SandboxUnavailableError,
  TemplateError,
} from "@glovebox/core/provider";
import { connectSupervisor, type SupervisorConnection } from "@glovebox/supervisor";
import type Docker from "dockerode";
import { type ContainerFacts, inspectContainer } from "../inspect-container.ts";
import { withDeadline } from "../with-deadline.ts";
import { AttachStream } from "./attach-stream.ts";
import { hijack } from "./hijack.ts";

const attachTimeoutMs = 20_000;
const startTimeoutMs = 60_000;
const inspectTimeoutMs = 10_000;

/**
 * Starts a container that does not run and connects to its supervisor over its own standard streams. Attached before it is
 * started, so that nothing of its output is missed. When it fails the container may be running: its caller removes it.
 */
export async function startContainer(
  engine: Docker,
  id: string,
  signal: AbortSignal | undefined,
): Promise<SupervisorConnection> {
  const path = `/containers/${id}/attach?stream=1&stdin=1&stdout=1&stderr=1`;
  const attaching = { operation: "attaching to the container", timeoutMs: attachTimeoutMs, signal };
  const socket = await withDeadline(attaching, (cancelled) => hijack(engine, { path, signal: cancelled }));
  const stream = new AttachStream(socket);
  // Its failures reach the caller through the supervisor's client; without a listener they would end the process.
  stream.on("error", () => {});
  try {
    const starting = { operation: "starting the container", timeoutMs: startTimeoutMs, signal };
    const started = withDeadline(starting, (cancelled) => engine.getContainer(id).start({ abortSignal: cancelled }));
    const connected = connectSupervisor(
      stream,
      dropUndefined({ providerId: "docker", helloTimeoutMs: startTimeoutMs, signal }),
    );
    // Either may fail first; the start's own failure says more than the silence that follows it.
    const [start, connection] = await Promise.allSettled([started.catch((error) => abandon(stream, error)), connected]);
    if (start.status === "rejected") throw start.reason;
    if (connection.status === "rejected") throw connection.reason;
    return connection.value;
  } catch (error) {
    stream.destroy();
    throw await explain(engine, id, stream.stderrTail, error);
  }
}

function abandon(stream: AttachStream, error: unknown): never {
  stream.destroy();
  throw error;
}

/** Those that say all there is to say. */
const plain: ReadonlySet<SandboxErrorCode> = new Set(["aborted", "timeout", "authentication", "rate-limited", "quota"]);

/** Says why a container did not come up, as far as the engine and its own last words tell. */
async function explain(engine: Docker, id: string, stderrTail: string, error: unknown): Promise<unknown> {
  if (!SandboxError.isInstance(error) || plain.has(error.code)) return error;
  const looking = { operation: "inspecting the container", timeoutMs: inspectTimeoutMs };
  const facts = await withDeadline(looking, (cancelled) => inspectContainer(engine, id, cancelled)).catch(
    () => undefined,
  );
  if (facts === undefined || facts.status === "running") return error;
  const why = lastWords(facts, stderrTail);
  const options = { providerId: "docker", cause: error };
  // The codes, of the engine and of its init, for a program that is missing or cannot be run.
  if (facts.exitCode === 126 || facts.exitCode === 127) {
    const message = `The image does not hold what starts a sandbox: ${why}`;
    return new TemplateError(message, { ...options, hint: "Prepare the template again: `glovebox image build`." });
  }
  if (facts.status === "created") return notStarted(error, why);
  if (facts.exitCode === 137) {
    // An engine that restarts kills what it has started, too.
    return new SandboxUnavailableError(`The sandbox was killed as it started: ${why}`, {
      ...options,
      hint: "It may have too little memory, or the engine was restarted.",
    });
  }
  return new SandboxLostError(`The sandbox ended as it started, with exit code ${facts.exitCode}: ${why}`, options);
}

/** A container that the engine has not started: because it refused, or because it broke at that moment. */
function notStarted(error: SandboxError, why: string): SandboxError {
  const hasAnswered = typeof (error.cause as { statusCode?: unknown } | undefined)?.statusCode === "number";
  if (!hasAnswered) return error;
  if (isOutage(`${why} ${error.message}`)) {
    const message = `The engine broke while it started the container: ${why}`;
    return new SandboxUnavailableError(message, { providerId: "docker", cause: error });
  }
  return new SandboxUnavailableError(`The engine could not start the container: ${why}`, {
    providerId: "docker",
    retryable: false,
    hint: "The engine's host does not allow something that was asked: a limit, a mount or the runtime.",
    cause: error,
  });
}

/** What an engine says when containerd, a shim or itself ended in the middle, and not for what was asked of it. */
function isOutage(text: string): boolean {
  return /ttrpc|transport is closing|error while dialing|: unavailable\b|context (canceled|deadline exceeded)|shutting down|broken pipe|connection reset|unexpected EOF/i.test(
    text,
  );
}

function lastWords(facts: ContainerFacts, stderrTail: string): string {
  return [facts.error, stderrTail].filter(Boolean).join("\n").slice(-4096) || "it said nothing";
}
