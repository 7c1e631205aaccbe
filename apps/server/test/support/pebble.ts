import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeAuthority } from "@glovebox/egress-gateway";
import { expect } from "vitest";

/** Let's Encrypt's own test server as a process, with a name server that says 127.0.0.1 for every name. */
export interface Pebble extends AsyncDisposable {
  /** The address of its directory. */
  readonly directory: string;
  /** The file of the authority whose certificate it shows itself. */
  readonly authorityFile: string;
  /** The port that it asks in place of port 80. */
  readonly httpPort: number;
  /** Ends it: whoever asks it then gets no answer. */
  stop(): Promise<void>;
}

/** Starts it. Its certificates live for `lifeSeconds`. */
export async function startPebble(lifeSeconds: number): Promise<Pebble> {
  const root = mkdtempSync(join(tmpdir(), "glovebox-pebble-"));
  const [port = 0, management = 0, httpPort = 0, names = 0, control = 0] = await freePorts(5);
  const authority = await makeAuthority(["localhost"], "Pebble");
  const { cert, key } = await authority.issue("localhost");
  const file = (name: string, text: string): string => {
    writeFileSync(join(root, name), text);
    return join(root, name);
  };
  const authorityFile = file("ca.pem", authority.certificate);
  const pebble = {
    ...{ listenAddress: `127.0.0.1:${port}`, managementListenAddress: `127.0.0.1:${management}` },
    ...{ certificate: file("cert.pem", cert), privateKey: file("key.pem", key) },
    ...{ httpPort, tlsPort: 4, certificateValidityPeriod: lifeSeconds, ocspResponderURL: "" },
  };
  const config = file("config.json", JSON.stringify({ pebble }));
  const none = ["-http01", "", "-https01", "", "-tlsalpn01", "", "-defaultIPv6", ""];
  const processes = [
    start("pebble-challtestsrv", ["-dns01", `127.0.0.1:${names}`, "-management", `127.0.0.1:${control}`, ...none]),
    start("pebble", ["-config", config, "-dnsserver", `127.0.0.1:${names}`]),
  ];
  await expect.poll(() => isListening(port)).toBe(true);
  const stop = async (): Promise<void> => {
    for (const child of processes.splice(0)) {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    }
  };
  return {
    ...{ directory: `https://localhost:${port}/dir`, authorityFile, httpPort, stop },
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(root, { recursive: true });
    },
  };
}

function start(program: string, args: readonly string[]): ChildProcess {
  // It waits and refuses at random otherwise, as strangers do.
  const env = { PATH: process.env.PATH, PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "20" };
  return spawn(program, args, { env, stdio: "ignore" });
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  return await Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      await new Promise((resolve) => server.close(resolve));
      return typeof address === "object" && address !== null ? address.port : 0;
    }),
  );
}

async function isListening(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
