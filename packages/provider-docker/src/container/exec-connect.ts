import { connectSupervisor, type SupervisorConnection, supervisorModes, supervisorPaths } from "@glovebox/supervisor";
import type Docker from "dockerode";
import { z } from "zod";
import { AttachStream } from "./attach-stream.ts";
import { supervisorNode } from "./container-options.ts";
import { hijack } from "./hijack.ts";
import { withDeadline } from "./with-deadline.ts";

const execTimeoutMs = 30_000;

const execSchema = z.object({ id: z.string().regex(/^[a-f0-9]+$/) });

/** Connects to the supervisor of a running container through an exec as its root. */
export async function execConnect(
  engine: Docker,
  id: string,
  signal: AbortSignal | undefined,
): Promise<SupervisorConnection> {
  const doing = { doing: "connecting to the sandbox", timeoutMs: execTimeoutMs, signal };
  const socket = await withDeadline(doing, async (unwanted) => {
    const exec = await engine.getContainer(id).exec({
      Cmd: [supervisorNode, supervisorPaths.file, supervisorModes.connect],
      User: "0:0",
      WorkingDir: "/",
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
      abortSignal: unwanted,
    });
    const path = `/exec/${execSchema.parse(exec).id}/start`;
    return hijack(engine, { path, body: { Detach: false, Tty: false }, signal: unwanted });
  });
  const stream = new AttachStream(socket);
  stream.on("error", () => {});
  return connectSupervisor(stream, { providerId: "docker", ...(signal && { signal }) });
}
