import { fstatSync, rmSync, stat } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import manifest from "../../package.json" with { type: "json" };
import { helloPrefix } from "../protocol/hello.ts";
import { serveConnection } from "./connection/host-connection.ts";
import { makeSocketDirectory, socketName } from "./connection/socket-directory.ts";
import { stdioDuplex } from "./connection/stdio-duplex.ts";
import { EgressListener } from "./egress/egress-listener.ts";
import { readGuestConfig } from "./guest-config.ts";
import { Lease } from "./lease.ts";
import { ProcessTable } from "./processes/process-table.ts";
import { Cgroup } from "./resources/cgroup.ts";
import { Router } from "./routes/router.ts";

const hello = `${helloPrefix}${manifest.version}\n`;

/** The resident process: serves the host on standard input and output and every later one on a socket. */
export async function serve(): Promise<void> {
  if (process.geteuid?.() !== 0) throw new Error("The supervisor must be started as root.");
  process.on("uncaughtException", (error) => console.error("glovebox-supervisor:", error));
  process.on("unhandledRejection", (error) => console.error("glovebox-supervisor:", error));
  for (const signal of ["SIGHUP", "SIGPIPE"] as const) process.on(signal, () => {});
  process.setgroups?.([]);
  process.umask(0o022);
  process.chdir("/");
  const config = readGuestConfig();
  const cgroup = new Cgroup();
  const egress = new EgressListener();
  const processes = new ProcessTable(config, cgroup, (event) => router.notify(event));
  const end = (): void => {
    processes.quiesce().then(
      () => process.exit(0),
      () => process.exit(0),
    );
  };
  const lease = new Lease(config.startsAsleep ? undefined : config.ttlMs, end);
  // The engine signals a stop to the container's init, which forwards it.
  process.on("SIGTERM", end);
  const router: Router = new Router({ config, cgroup, processes, lease, egress });
  // Node starts its pool of threads at the first use: after the agent has used up the limit of processes it could not.
  stat("/", () => {});
  await egress.listen(config.egressPort);
  const { endpoint } = config;
  // With an endpoint, later connections use it. A file at the socket's path may belong to another supervisor.
  if (endpoint === undefined) serveSocket(router);
  else {
    // Loaded here and not with the file: the helpers, of which every file operation starts one, do without.
    const { startWebSocketEndpoint } = await import("./connection/websocket-endpoint.ts");
    await startWebSocketEndpoint(endpoint, (duplex) => greet(duplex, router));
  }
  // Where it was started with files for standard streams, nobody speaks over them.
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
