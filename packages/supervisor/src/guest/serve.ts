import { fstatSync, rmSync, stat } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import manifest from "../../package.json" with { type: "json" };
import { helloPrefix } from "../protocol/hello.ts";
import { serveConnection } from "./connection/host-connection.ts";
import { makeSocketDirectory, socketName } from "./connection/socket-directory.ts";
import { stdioDuplex } from "./connection/stdio-duplex.ts";
import { TokenListener } from "./connection/token-listener.ts";
import { EgressListener } from "./egress/egress-listener.ts";
import { readGuestConfig } from "./guest-config.ts";
import { findHeartbeat } from "./heartbeat.ts";
import { ignoreSignals } from "./ignore-signals.ts";
import { Lease } from "./lease.ts";
import { isPrivileged } from "./privilege.ts";
import { OwnProcesses } from "./processes/own-processes.ts";
import { ProcessTable } from "./processes/process-table.ts";
import { requireProtection } from "./require-protection.ts";
import { Cgroup } from "./resources/cgroup.ts";
import { Router } from "./routes/router.ts";
import { NetworkSeal } from "./seal/network-seal.ts";

const hello = `${helloPrefix}${manifest.version}\n`;

/** What a process's exit says that SIGTERM ended. */
const terminatedCode = 128 + 15;

/** The resident process: serves the host on standard input and output and every later one on a socket. */
export async function serve(): Promise<void> {
  process.on("uncaughtException", (error) => console.error("glovebox-supervisor:", error));
  process.on("unhandledRejection", (error) => console.error("glovebox-supervisor:", error));
  ignoreSignals();
  const startHeartbeat = findHeartbeat();
  const config = readGuestConfig();
  if (isPrivileged) process.setgroups?.([]);
  else requireProtection(config);
  process.umask(0o022);
  process.chdir("/");
  const cgroup = new Cgroup();
  const egress = new EgressListener();
  const ownProcesses = new OwnProcesses();
  const processes = new ProcessTable({ config, cgroup, ownProcesses, onExit: (event) => router.notify(event) });
  const end = (exitCode: number): void => {
    const exit = (): never => process.exit(exitCode);
    processes.quiesce().then(exit, exit);
  };
  const lease = new Lease(config.startsAsleep ? undefined : config.ttlMs, () => end(0));
  // The engine signals a stop to the container's init, which forwards it. Where the agent can send it as well, it must not
  // look like the lease's end.
  process.on("SIGTERM", () => end(isPrivileged ? 0 : terminatedCode));
  const seal = new NetworkSeal(config.sealCheck, () => void processes.quiesce().catch(() => {}));
  const router: Router = new Router({ config, cgroup, ownProcesses, processes, lease, egress, seal });
  seal.check();
  startHeartbeat();
  // Node starts its pool of threads at the first use: after the agent has used up the limit of processes it could not.
  stat("/", () => {});
  await egress.listen(config.egressPort);
  const { endpoint, token } = config;
  // With an endpoint, later connections use it. A file at the socket's path may belong to another supervisor.
  if (endpoint !== undefined) {
    // Loaded here and not with the file: the helpers, of which every file operation starts one, do without.
    const { startWebSocketEndpoint } = await import("./connection/websocket-endpoint.ts");
    await startWebSocketEndpoint(endpoint, (duplex) => greet(duplex, router));
  } else if (isPrivileged) serveSocket(router);
  else
    await new TokenListener({
      token: token ?? "",
      ownProcesses,
      onConnection: (socket) => greet(socket, router),
    }).listen();
  // Without root it is reached with the token alone. Where it was started with files for standard streams, nobody speaks
  // over them.
  if (!isPrivileged) return;
  if (endpoint === undefined || [0, 1].every(isPipe)) greet(stdioDuplex(), router);
}
function isPipe(fd: number): boolean {
  const found = fstatSync(fd);
  return found.isFIFO() || found.isSocket();
}

function greet(duplex: Duplex, router: Router): void {
  duplex.on("error", () => {});
  duplex.write(hello, () => serveConnection(duplex, router));
}

function serveSocket(router: Router): void {
  const directory = makeSocketDirectory();
  if (directory === undefined) {
    console.error("glovebox-supervisor: no directory for the socket; there will be one connection only.");
    return;
  }
  const path = join(directory, socketName);
  rmSync(path, { force: true });
  const server = createServer((socket) => greet(socket, router));
  server.on("error", (error) => console.error("glovebox-supervisor:", error));
  server.listen(path);
}
