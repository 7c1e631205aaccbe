import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { connectProxy } from "./connect-proxy.ts";
import { cleanup, listen, loopback, openTunnel, startGateway } from "./gateway-fixture.ts";
import { serverCertificate } from "./server-certificate.ts";

const run = promisify(execFile);
const rule = (host: string, port?: number) => ({ host, source: "test", ...(port === undefined ? {} : { port }) });
const certificate = serverCertificate("site.test", "127.0.0.1");

function certificateFile(): string {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-test-"));
  cleanup(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, "cert.pem"), certificate.cert);
  return join(directory, "cert.pem");
}

async function tlsSite() {
  const server = createHttpsServer(certificate, (request, response) =>
    response.end(`you asked ${request.headers.host}`),
  );
  return listen(server);
}

/** What a TLS client sees that does not care about certificates. */
async function handshake(socket: Socket, servername: string | undefined): Promise<string> {
  const name = servername === undefined ? {} : { servername };
  const secured = connectTls({ socket, rejectUnauthorized: false, ...name });
  return new Promise((resolve) => {
    secured.once("secureConnect", () => resolve("secure"));
    secured.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    secured.once("close", () => resolve("closed"));
  });
}

/** A gateway whose way to port 443 of any host leads to a server of the test's, by way of a company's proxy. */
async function behindProxy(port: number) {
  const proxy = await connectProxy(() => port);
  const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
  return startGateway({ allow: [rule("site.test")] }, { env, resolve: async () => ["93.184.216.34"] });
}

describe("a tunnel over TLS", () => {
  it("carries bytes untouched, and is written down at its end", async () => {
    const site = await tlsSite();
    const { url, event } = await startGateway({ allow: [rule("site.test", site), loopback(site)] });
    const { stdout } = await run("curl", [
      "-sS",
      "-x",
      url,
      "--cacert",
      certificateFile(),
      `https://site.test:${site}/x`,
    ]);
    expect(stdout).toBe(`you asked site.test:${site}`);
    const found = await event();
    expect(found).toMatchObject({ method: "CONNECT", host: "site.test", port: site, decision: "allowed", status: 200 });
    expect(found).not.toHaveProperty("path");
    expect(found.requestBytes).toBeGreaterThan(200);
    expect(found.responseBytes).toBeGreaterThan(200);
  });

  it.each([
    ["another server name", "other.test", "the TLS hello names another server than the tunnel's"],
    ["no server name", undefined, "the TLS hello names no server"],
  ])("with %s is refused", async (_name, servername, reason) => {
    const site = await tlsSite();
    const { port, event } = await startGateway({ allow: [rule("site.test", site), loopback(site)] });
    const { socket } = await openTunnel(port, `site.test:${site}`);
    expect(await handshake(socket, servername)).toBe("ERR_SSL_TLSV1_ALERT_ACCESS_DENIED");
    expect(await event()).toMatchObject({ decision: "denied", reason, status: 200 });
  });

  it("to an address needs no server name", async () => {
    const site = await tlsSite();
    const { port } = await startGateway({ allow: [loopback(site)] });
    const { socket } = await openTunnel(port, `127.0.0.1:${site}`);
    expect(await handshake(socket, undefined)).toBe("secure");
    const other = await openTunnel(port, `127.0.0.1:${site}`);
    expect(await handshake(other.socket, "site.test")).toBe("ERR_SSL_TLSV1_ALERT_ACCESS_DENIED");
  });

  it("takes a hello that comes byte by byte, in many records", async () => {
    const site = await tlsSite();
    const { port } = await startGateway({ allow: [rule("site.test", site), loopback(site)] });
    const { socket } = await openTunnel(port, `site.test:${site}`);
    const relay = createServer((inside) => {
      inside.on("data", (chunk: Buffer) => {
        for (const byte of chunk) socket.write(Buffer.from([byte]));
      });
      socket.pipe(inside);
    });
    const secured: TLSSocket = connectTls({
      port: await listen(relay),
      servername: "site.test",
      ca: certificate.cert,
    });
    await once(secured, "secureConnect");
    secured.destroy();
  });

  it("on port 443 carries nothing else", async () => {
    const { port, event } = await behindProxy(await listen(createServer((socket) => socket.pipe(socket))));
    const { socket } = await openTunnel(port, "site.test:443");
    socket.write("SSH-2.0-OpenSSH_9.6\r\n");
    await text(socket);
    expect(await event()).toMatchObject({ decision: "denied", reason: "the protocol in the tunnel is not TLS" });
  });

  it("on port 443 is let go when no hello comes", async () => {
    const site = await listen(createServer((socket) => socket.resume()));
    const proxy = await connectProxy(() => site);
    const { port, event } = await startGateway(
      { allow: [rule("site.test")] },
      {
        env: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` },
        resolve: async () => ["93.184.216.34"],
        limits: { headersTimeoutMs: 100 },
      },
    );
    const { socket } = await openTunnel(port, "site.test:443");
    socket.write(Buffer.from([22, 3, 1]));
    await text(socket);
    expect(await event()).toMatchObject({ decision: "denied", reason: "no TLS hello came in time" });
  });
});

describe("a tunnel to a port that a rule names", () => {
  it("lets the server speak first, and keeps each side's end apart", async () => {
    const site = await listen(
      createServer({ allowHalfOpen: true }, (socket) => {
        socket.write("hello\n");
        // Answers only once the other side has ended.
        text(socket).then((said) => socket.end(`you said ${said}`));
      }),
    );
    const { port, event } = await startGateway({ allow: [rule("site.test", site), loopback(site)] });
    const { socket, head } = await openTunnel(port, `site.test:${site}`);
    expect(head).toMatch(/^HTTP\/1.1 200 /);
    await once(socket, "readable");
    socket.end("good bye");
    expect(await text(socket)).toBe("hello\nyou said good bye");
    expect(await event()).toMatchObject({ decision: "allowed", requestBytes: 8, responseBytes: 23 });
  });

  it("breaks inside when it breaks outside", async () => {
    const site = await listen(createServer((socket) => socket.once("data", () => socket.resetAndDestroy())));
    const { port, event } = await startGateway({ allow: [rule("site.test", site), loopback(site)] });
    const { socket } = await openTunnel(port, `site.test:${site}`);
    socket.write("x");
    await text(socket).catch(() => "");
    expect(await event()).toMatchObject({ decision: "failed", reason: "the other side broke the connection off" });
  });

  it("that the inside breaks off breaks outside, and has not failed", async () => {
    let closed: Promise<unknown> | undefined;
    const site = await listen(
      createServer((socket) => {
        closed = once(socket, "close");
        socket.on("error", () => {});
        socket.write("hello");
      }),
    );
    const { port, event } = await startGateway({ allow: [rule("site.test", site), loopback(site)] });
    const { socket } = await openTunnel(port, `site.test:${site}`);
    await once(socket, "readable");
    socket.resetAndDestroy();
    expect(await event()).toMatchObject({ decision: "allowed", status: 200, responseBytes: 5 });
    await closed;
  });

  it("ends when nothing moves", async () => {
    const site = await listen(createServer((socket) => socket.resume()));
    const { port, event } = await startGateway(
      { allow: [rule("site.test", site), loopback(site)] },
      { limits: { idleTimeoutMs: 100 } },
    );
    const { socket } = await openTunnel(port, `site.test:${site}`);
    await text(socket).catch(() => "");
    expect(await event()).toMatchObject({ decision: "failed", reason: "idle timeout: no data in either direction" });
  });

  it("that nobody answers on fails by itself", async () => {
    const { port, event } = await startGateway({ allow: [rule("site.test", 9), loopback(9)] });
    expect((await openTunnel(port, "site.test:9")).head).toMatch(/^HTTP\/1.1 502 /);
    expect(await event()).toMatchObject({ decision: "failed", reason: expect.stringContaining("ECONNREFUSED") });
  });
});

describe("a tunnel to port 80", () => {
  it("is served as the plain requests that it holds", async () => {
    const site = await listen(createHttpServer((request, response) => response.end(`you asked ${request.url}`)));
    const proxy = await connectProxy(() => site);
    const { url, event } = await startGateway(
      { allow: [rule("site.test")] },
      { env: { http_proxy: `http://127.0.0.1:${proxy.port}` }, resolve: async () => ["93.184.216.34"] },
    );
    const { stdout } = await run("curl", ["-sS", "-p", "-x", url, "http://site.test/a"]);
    expect(stdout).toBe("you asked /a");
    expect(await event()).toMatchObject({
      method: "GET",
      path: "/a",
      host: "site.test",
      port: 80,
      decision: "allowed",
    });
    await run("curl", ["-sS", "-p", "-x", url, "-H", "Host: other.test", "http://site.test/a"]);
    expect(await event()).toMatchObject({ decision: "denied", status: 400 });
  });
});

describe("a rule for any port, and what is denied", () => {
  it("let bytes of any kind through to one address, and nothing to another", async () => {
    const listener = createServer((socket) => socket.end("not TLS\n"));
    const port = await listen(listener);
    const policy = { mode: "open", allow: [{ host: "127.0.0.1", port: "any", source: "test" }] } as const;
    const allowed = await startGateway(policy);
    const open = await openTunnel(allowed.port, `127.0.0.1:${port}`);
    open.socket.write("hello");
    expect(open.head).toMatch(/^HTTP\/1.1 200 /);
    expect(await text(open.socket)).toBe("not TLS\n");

    const deny = [{ host: "93.184.216.0/24", source: "test" }];
    const denying = await startGateway({ mode: "open", deny }, { resolve: async () => ["93.184.216.34"] });
    for (const host of ["93.184.216.34", "site.test"]) {
      expect((await openTunnel(denying.port, `${host}:443`)).head, host).toMatch(/^HTTP\/1.1 403 /);
      expect(await denying.event()).toMatchObject({
        decision: "denied",
        reason: expect.stringContaining("is denied by"),
      });
    }
  });
});
