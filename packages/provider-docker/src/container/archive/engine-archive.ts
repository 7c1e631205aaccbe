import { SandboxAbortedError, SandboxLostError } from "@glovebox/core/provider";
import type { LargeDirectoryOptions } from "@glovebox/supervisor";
import { mapEngineError } from "../../engine/engine-error.ts";
import { EngineSocket } from "../streams/engine-socket.ts";
import { withDeadline } from "../with-deadline.ts";
import { ArchiveFilter } from "./archive-filter.ts";

const answerTimeoutMs = 60_000;
const maxHeadBytes = 64 * 1024;
const operation = "reading the sandbox's files";

export interface EngineArchiveSource {
  /** Of the engine, on this host. */
  readonly socketPath: string;
  readonly containerId: string;
}

/**
 * A directory as the engine itself archives it, which is what `docker cp` asks for: read as root and from the container's
 * own disk, so that mounts are not in it. It does not say when it leaves something out, so its end and the number of its
 * entries are checked, and it is for directories that nothing changes.
 */
export async function engineArchive(
  { socketPath, containerId }: EngineArchiveSource,
  directory: string,
  options: LargeDirectoryOptions,
): Promise<AsyncIterable<Uint8Array>> {
  const { signal } = options;
  const path = `/containers/${containerId}/archive?path=${encodeURIComponent(`${directory}/.`)}`;
  const socket = new EngineSocket(socketPath);
  // In the older version of the protocol the body comes as it is, not in chunks that would have to be taken apart.
  socket.write(`GET ${path} HTTP/1.0\r\nHost: docker\r\n\r\n`);
  try {
    const first = await withDeadline({ operation, timeoutMs: answerTimeoutMs, signal }, () => readHead(socket));
    return readBody(socket, first, options);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Gives the beginning of the body. Throws the engine's refusal as dockerode does. */
async function readHead(socket: EngineSocket): Promise<Buffer> {
  let head = Buffer.alloc(0);
  for (let end = -1; end < 0; end = head.indexOf("\r\n\r\n")) {
    const piece = await socket.next();
    if (piece === undefined || head.length > maxHeadBytes) throw lost("The Docker engine's answer cannot be read");
    head = Buffer.concat([head, piece]);
  }
  const end = head.indexOf("\r\n\r\n");
  const body = head.subarray(end + 4);
  const statusCode = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(head.toString("latin1", 0, end))?.[1]);
  if (statusCode === 200) return body;
  throw await refusal(statusCode, body, socket);
}

async function refusal(statusCode: number, begun: Buffer, socket: EngineSocket): Promise<unknown> {
  let body = begun;
  for (let piece = await socket.next(); piece !== undefined && body.length < maxHeadBytes; piece = await socket.next())
    body = Buffer.concat([body, piece]);
  const { message } = parse(body) as { message?: unknown };
  return Object.assign(new Error(String(message ?? `status ${statusCode}`)), { statusCode, json: { message } });
}

function parse(body: Buffer): object {
  try {
    return Object(JSON.parse(body.toString("utf8")));
  } catch {
    // The status says enough.
    return {};
  }
}

async function* readBody(
  socket: EngineSocket,
  first: Buffer,
  { entries, exclude = [], reuseBuffers, signal }: LargeDirectoryOptions,
): AsyncGenerator<Uint8Array, void> {
  const filter = new ArchiveFilter(exclude);
  const onAbort = (): void => socket.destroy();
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted) onAbort();
  try {
    for (let piece: Buffer | undefined = first; piece !== undefined && !filter.ended; piece = await socket.next()) {
      for (const kept of filter.push(piece)) yield reuseBuffers ? kept : Buffer.from(kept);
      if (signal?.aborted) break;
    }
    if (signal?.aborted) throw new SandboxAbortedError(`Stopped while ${operation}`, { providerId: "docker" });
    if (!filter.ended) throw lost("The archive from the Docker engine ended early");
    if (filter.entries !== entries) {
      throw lost(`The archive from the Docker engine holds ${filter.entries} entries in place of ${entries}`);
    }
  } catch (error) {
    if (signal?.aborted) throw new SandboxAbortedError(`Stopped while ${operation}`, { providerId: "docker" });
    throw mapEngineError(error, operation);
  } finally {
    signal?.removeEventListener("abort", onAbort);
    socket.destroy();
  }
}

function lost(message: string): SandboxLostError {
  return new SandboxLostError(message, { providerId: "docker" });
}
