import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { Secret } from "@glovebox/core/provider";
import { expect, it } from "vitest";
import { cleanup, type Fixture, listen, loopback, openTunnel, startGateway, until } from "./gateway-fixture.ts";
import { serverCertificate } from "./server-certificate.ts";

const certificate = serverCertificate("git.test");

interface Setup extends Fixture {
  readonly authority: string;
  /** What the host was asked. */
  readonly received: string[];
}

/** A host with a credential that never ends an answer, and other hosts that may be reached. */
async function setUp(): Promise<Setup> {
  const received: string[] = [];
  const server = createServer(certificate, (request, response) => {
    received.push(`${request.method}`);
    response.write("begun");
  });
  server.on("upgrade", (_request, socket: Socket) => {
    received.push("upgrade");
    socket.on("error", () => {});
    socket.write("HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
  });
  server.on("tlsClientError", () => {});
  const port = await listen(server);
  const files = mkdtempSync(join(tmpdir(), "glovebox-test-"));
  cleanup(() => rmSync(files, { recursive: true }));
  writeFileSync(join(files, "outside.pem"), certificate.cert);
  const secret = new Secret("TOKEN", "the-secret");
  const rule = { host: "git.test", port, header: "private-token", secret, source: "test" };
  const hour = 3_600_000;
  const fixture = await startGateway(
    { credentials: [rule], allow: [loopback(port), { host: "plain.test", source: "test" }] },
    {
      env: { NODE_EXTRA_CA_CERTS: join(files, "outside.pem") },
      limits: { headersTimeoutMs: hour, idleTimeoutMs: hour, connectTimeoutMs: hour },
    },
  );
  return { ...fixture, authority: `git.test:${port}`, received };
}

async function secured({ port, authority }: Setup): Promise<TLSSocket> {
  const { socket } = await openTunnel(port, authority);
  const tls = connectTls({ socket, servername: "git.test", rejectUnauthorized: false });
  tls.on("error", () => {});
  await once(tls, "secureConnect");
  return tls;
}

const head = ({ authority }: Setup, ...lines: string[]) =>
  ["GET / HTTP/1.1", `Host: ${authority}`, ...lines, "", ""].join("\r\n");

/** What is under way when the gateway closes, or was when its client went away. */
const states: readonly (readonly [what: string, begin: (setup: Setup) => Promise<Socket>])[] = [
  ["a tunnel in which nothing is said", async ({ port, authority }) => (await openTunnel(port, authority)).socket],
  [
    "a tunnel to port 80 in which nothing is said",
    async ({ port }) => (await openTunnel(port, "plain.test:80")).socket,
  ],
  [
    "half a hello",
    async ({ port, authority }) => {
      const { socket } = await openTunnel(port, authority);
      socket.write(Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]));
      return socket;
    },
  ],
  ["TLS without a request", secured],
  [
    "a request",
    async (setup) => {
      const tls = await secured(setup);
      tls.write(head(setup));
      await until(() => setup.received.includes("GET"));
      return tls;
    },
  ],
  [
    "a request whose answer nobody reads",
    async (setup) => {
      const tls = await secured(setup);
      tls.pause();
      tls.write(head(setup));
      await until(() => setup.received.includes("GET"));
      return tls;
    },
  ],
  [
    "a WebSocket",
    async (setup) => {
      const tls = await secured(setup);
      tls.write(head(setup, "Connection: upgrade", "Upgrade: websocket"));
      await until(() => setup.received.includes("upgrade"));
      return tls;
    },
  ],
];

it.each(states)("closing waits for no timer with %s under way", async (_, begin) => {
  const setup = await setUp();
  const socket = await begin(setup);
  await setup.gateway.close();
  socket.resume();
  await until(() => socket.destroyed || socket.readableEnded);
});

it.each(states)("nothing waits for a client that went away with %s under way", async (_, begin) => {
  const setup = await setUp();
  const socket = await begin(setup);
  socket.destroy();
  await setup.gateway.close();
  expect(setup.events.filter(({ decision }) => decision === "allowed").length).toBeLessThan(2);
});
