import { exec } from "@glovebox/core";
import { type Sandbox, sandboxUser } from "@glovebox/core/provider";

const timeoutMs = 10_000;
/** The state of a socket that waits for connections, in `/proc/net/tcp`. */
const listening = "0A";

/** The TCP ports that the sandbox's user listens on, in order. */
export async function listeningPorts(sandbox: Sandbox, signal: AbortSignal): Promise<number[]> {
  const argv = ["sh", "-c", "cat /proc/net/tcp /proc/net/tcp6 2>/dev/null"] as const;
  const { stdout } = await exec(sandbox, argv, { timeoutMs, signal });
  return readPorts(stdout);
}

/** Reads the kernel's tables of TCP sockets. Source: the kernel's Documentation/networking/proc_net_tcp.rst. */
export function readPorts(tables: string): number[] {
  const ports = new Set<number>();
  for (const line of tables.split("\n")) {
    const [, local = "", , state, , , , uid] = line.trim().split(/\s+/);
    const port = Number.parseInt(local.split(":")[1] ?? "", 16);
    if (state === listening && Number(uid) === sandboxUser.uid && port > 0) ports.add(port);
  }
  return [...ports].sort((a, b) => a - b);
}
