import { once } from "node:events";
import { closeSync, constants, openSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { SandboxStoppedError, SandboxTimeoutError } from "@glovebox/core/provider";
import { connectSupervisor, type SupervisorConnection } from "@glovebox/supervisor";
import type { SandboxFolder } from "./state/sandbox-folder.ts";

const timeoutMs = 30_000;
const betweenTriesMs = 20;

/** Connects to the supervisor of a sandbox that runs, by its socket in the sandbox's folder. */
export async function reachSupervisor(
  folder: SandboxFolder,
  signal: AbortSignal | undefined,
): Promise<SupervisorConnection> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const socket = await tryConnect(folder);
    if (socket !== undefined) return connectSupervisor(socket, { providerId: "bubblewrap", ...(signal && { signal }) });
    if (folder.runningProcess() === undefined) throw stopped();
    if (Date.now() > until) {
      throw new SandboxTimeoutError("The sandbox's supervisor does not answer", { providerId: "bubblewrap" });
    }
    // It may be on its way up: the process is there a moment before its socket.
    await delay(betweenTriesMs, undefined, { ...(signal && { signal }) });
  }
}

/** The address of a socket holds 107 bytes, and a state folder may lie deep: its open folder makes a short one. */
async function tryConnect(folder: SandboxFolder): Promise<Socket | undefined> {
  let directory: number | undefined;
  try {
    directory = openSync(folder.run, constants.O_RDONLY | constants.O_DIRECTORY);
    const socket = createConnection(`/proc/self/fd/${directory}/supervisor.sock`);
    await once(socket, "connect");
    return socket;
  } catch {
    // Not there yet, or left by one that has stopped: what is so is decided by the process.
    return undefined;
  } finally {
    if (directory !== undefined) closeSync(directory);
  }
}

export function stopped(): SandboxStoppedError {
  return new SandboxStoppedError("The bubblewrap sandbox does not run", {
    providerId: "bubblewrap",
    hint: "Its files are there: connect with wakeForMs to start it.",
  });
}
