import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { promisify } from "node:util";
import { Secret } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { cleanup, listen, loopback, openTunnel, startGateway } from "./gateway-fixture.ts";
import { serverCertificate } from "./server-certificate.ts";

const run = promisify(execFile);
const secret = "the-real-token";

/** A server whose WebSockets say everything twice, and first what credential they got. */
async function twice(server: Server) {
  const seen: IncomingMessage[] = [];
  const sockets = new WebSocketServer({ server, path: "/socket", perMessageDeflate: { threshold: 0 } });
  sockets.on("connection", (socket, request) => {
    seen.push(request);
    socket.send(`authorization: ${request.headers.authorization}`);
    socket.on("message", (data, isBinary) => {
      socket.send(data, { binary: isBinary });
      socket.send(data, { binary: isBinary });
    });
  });
  return { seen, port: await listen(server) };
}

/** Opens, says, and gives the three messages that come back. */
async function converse(socket: WebSocket): Promise<string[]> {
  const messages: string[] = [];
  socket.on("message", (data: Buffer) => messages.push(data.toString()));
  await once(socket, "open");
  socket.send("x".repeat(100_000));
  while (messages.length < 3) await once(socket, "message");
  socket.close();
  await once(socket, "close");
  return messages.map((message) => message.slice(0, 60));
}

describe("a WebSocket", () => {
  const said = "x".repeat(60);

  it("passes a plain proxy request", async () => {
    const { port: site } = await twice(createHttpServer());
    const allow = [{ host: "site.test", port: site, source: "test" }, loopback(site)];
    const { port, event } = await startGateway({ allow });
    // The request line of a proxy request, which the library does not write by itself.
    const socket = new WebSocket(`ws://site.test:${site}/socket`, {
      createConnection: () => absoluteForm(connect(port, "127.0.0.1"), `http://site.test:${site}`),
    });
    expect(await converse(socket)).toEqual(["authorization: undefined", said, said]);
    expect(await event()).toMatchObject({ method: "GET", path: "/socket", status: 101, decision: "allowed" });
  });

  it("passes a tunnel, and the TLS of a host with a credential, which it gets", async () => {
    const certificate = serverCertificate("ws.test");
    const { port: site } = await twice(createHttpsServer(certificate));
    const files = mkdtempSync(join(tmpdir(), "glovebox-test-"));
    cleanup(() => rmSync(files, { recursive: true }));
    writeFileSync(join(files, "outside.pem"), certificate.cert);
    const rule = {
      host: "ws.test",
      port: site,
      header: "authorization",
      scheme: "Bearer",
      secret: new Secret("T", secret),
      source: "test",
    };
    const { port, event, gateway } = await startGateway(
      { credentials: [rule], allow: [loopback(site)] },
      { env: { NODE_EXTRA_CA_CERTS: join(files, "outside.pem") } },
    );
    const { socket: tunnel } = await openTunnel(port, `ws.test:${site}`);
    const ca = await gateway.certificate();
    const socket = new WebSocket(`wss://ws.test:${site}/socket`, {
      headers: { authorization: "Bearer mine" },
      createConnection: () =>
        connectTls({ socket: tunnel, servername: "ws.test", ...(ca === undefined ? {} : { ca }) }),
    });
    expect(await converse(socket)).toEqual([`authorization: Bearer ${"*".repeat(secret.length)}`, said, said]);
    expect(await event()).toMatchObject({ path: "/socket", status: 101, rule: "credential ws.test (test)" });
  });

  it("that the host refuses is answered as the host answered", async () => {
    const { port: site } = await twice(createHttpServer());
    const allow = [{ host: "site.test", port: site, source: "test" }, loopback(site)];
    const { url, event } = await startGateway({ allow });
    const upgrade = ["-H", "Connection: Upgrade", "-H", "Upgrade: websocket"];
    const { stdout } = await run("curl", ["-sS", "-i", ...upgrade, "-x", url, `http://site.test:${site}/other`]);
    expect(stdout).toMatch(/^HTTP\/1.1 400 /);
    expect(await event()).toMatchObject({ decision: "allowed", status: 400 });
  });

  it("that the host of a credential refuses shows nothing of the credential", async () => {
    const echo = createHttpServer().on("upgrade", (request: IncomingMessage, socket: Socket) => {
      const body = `you sent ${request.headers.authorization}`;
      socket.end(
        `HTTP/1.1 403 No\r\nContent-Length: ${body.length}\r\nX-Echo: ${request.headers.authorization}\r\n\r\n${body}`,
      );
    });
    const site = await listen(echo);
    const own = { header: "authorization", scheme: "Bearer", secret: new Secret("T", secret), source: "test" };
    const { url, event } = await startGateway({
      credentials: [{ host: "ws.test", port: site, tls: false, ...own }],
      allow: [loopback(site)],
    });
    const upgrade = ["-H", "Connection: Upgrade", "-H", "Upgrade: websocket"];
    const { stdout } = await run("curl", ["-sS", "-i", ...upgrade, "-x", url, `http://ws.test:${site}/`]);
    expect(stdout).toMatch(new RegExp(`^HTTP/1.1 403 .*you sent Bearer \\*{${secret.length}}$`, "s"));
    expect(stdout).not.toContain(secret);
    expect(await event()).toMatchObject({ status: 403, responseBytes: "you sent Bearer ".length + secret.length });
  });

  it("to another host is refused", async () => {
    const { url, event } = await startGateway({});
    const upgrade = ["-H", "Connection: Upgrade", "-H", "Upgrade: websocket"];
    const { stdout } = await run("curl", ["-sS", "-i", ...upgrade, "-x", url, "http://evil.test/"]);
    expect(stdout).toMatch(/^HTTP\/1.1 403 /);
    expect(await event()).toMatchObject({ decision: "denied", remedy: { allowHost: "evil.test" } });
  });
});

describe("another change of protocol", () => {
  it("is passed over, and the request served", async () => {
    const site = await listen(
      createHttpServer((request, response) => response.end(`upgrade: ${request.headers.upgrade}`)),
    );
    const allow = [{ host: "site.test", port: site, source: "test" }, loopback(site)];
    const { url } = await startGateway({ allow });
    const { stdout } = await run("curl", ["-sS", "--http2", "-x", url, `http://site.test:${site}/`]);
    expect(stdout).toBe("upgrade: undefined");
  });
});

function absoluteForm(socket: Socket, origin: string): Socket {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  let first = true;
  socket.write = (chunk: unknown, ...rest: unknown[]) => {
    const line = first ? String(chunk).replace("GET /", `GET ${origin}/`) : chunk;
    first = false;
    return write(line, ...rest);
  };
  return socket;
}
