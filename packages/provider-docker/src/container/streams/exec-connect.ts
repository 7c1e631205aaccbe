import { dropUndefined } from "@glovebox/core/provider";
import { connectSupervisor, type SupervisorConnection, supervisorModes, supervisorPaths } from "@glovebox/supervisor";
import type Docker from "dockerode";
import { z } from "zod";
import { supervisorNode } from "../container-options.ts";
import { withDeadline } from "../with-deadline.ts";
import { AttachStream } from "./attach-stream.ts";
import { hijack } from "./hijack.ts";

const execTimeoutMs = 30_000;

const execSchema = z.object({ id: z.string().regex(/^[a-f0-9]+$/) });

/** Connects to the supervisor of a running container through an exec as its root. */
export async function execConnect(
  engine: Docker,
  id: string,
  signal: AbortSignal | undefined,
): Promise<SupervisorConnection> {
  const operation = { operation: "connecting to the sandbox", timeoutMs: execTimeoutMs, signal };
  const socket = await withDeadline(operation, async (cancelled) => {
    const exec = await engine.getContainer(id).exec({
      Cmd: [supervisorNode, supervisorPaths.file, supervisorModes.connect],
      User: "0:0",
      WorkingDir: "/",
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
      abortSignal: cancelled,
    });
    const path = `/exec/${execSchema.parse(exec).id}/start`;
    return hijack(engine, { path, body: { Detach: false, Tty: false }, signal: cancelled });
  });
  const stream = new AttachStream(socket);
  stream.on("error", () => {});
  return connectSupervisor(stream, dropUndefined({ providerId: "docker", signal }));
}
