import { createServer, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { listen, loopback, raw, startGateway, until } from "./gateway-fixture.ts";

const site = "site.test";

/** A host whose answer to `/slow` never comes to its end. */
async function slowSite() {
  const received: string[] = [];
  const pending: ServerResponse[] = [];
  const server = createServer((request, response) => {
    received.push(request.url ?? "");
    if (request.url === "/large") return response.end(Buffer.alloc(300_000));
    if (request.url !== "/slow") return response.end("answered");
    pending.push(response);
    response.write("begun");
  });
  return { port: await listen(server), received, pending };
}

describe("on a connection that still owes an answer", () => {
  const second = [
    [
      "a WebSocket",
      "GET http://HOST/second HTTP/1.1\r\nHost: HOST\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    ],
    [
      "HTTP/2 by upgrade",
      "GET http://HOST/second HTTP/1.1\r\nHost: HOST\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
    ],
    [
      "an upgrade of a model's route",
      "GET /model/x HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
    ],
    ["a tunnel", "CONNECT HOST HTTP/1.1\r\nHost: HOST\r\n\r\nGET /second HTTP/1.1\r\nHost: HOST\r\n\r\n"],
    ["a refused tunnel", "CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test\r\n\r\n"],
    ["HTTP/2 at once", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["bytes of no meaning", "\0\0\0\0\r\n\r\n"],
  ];
  it.each(second)("%s ends the connection, and nothing of it is asked for", async (_name, bytes = "") => {
    const { port: host, received } = await slowSite();
    const allow = [{ host: site, port: host, source: "test" }, loopback(host)];
    const { port, event } = await startGateway({ allow });
    const authority = `${site}:${host}`;
    const slow = `GET http://${authority}/slow HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;
    expect(await raw(port, slow + bytes.replaceAll("HOST", authority))).not.toContain("answered");
    expect([await event(), await event()].map(({ decision }) => decision).sort()).toEqual(["denied", "failed"]);
    expect(received).not.toContain("/second");
  });
});

it("a kept connection may ask for a tunnel after its answers", async () => {
  const { port: host, received } = await slowSite();
  const allow = [{ host: site, port: host, source: "test" }, loopback(host)];
  const { port, events } = await startGateway({ allow });
  const authority = `${site}:${host}`;
  const socket = connect(port, "127.0.0.1");
  let got = "";
  socket.on("data", (chunk: Buffer) => {
    got += chunk.toString();
  });
  socket.write(`GET http://${authority}/first HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  await until(() => events.length === 1 && got.includes("answered"));
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  await until(() => got.includes("200 Connection Established"));
  socket.end(`GET /inner HTTP/1.1\r\nHost: ${authority}\r\nConnection: close\r\n\r\n`);
  await until(() => received.length === 2);
  socket.destroy();
});

it("an answer that waits behind another one ends with its connection, and closing waits for neither", async () => {
  const { port: host, received } = await slowSite();
  const authority = `${site}:${host}`;
  const allow = [{ host: site, port: host, source: "test" }, loopback(host)];
  const { port, events, gateway } = await startGateway({ allow }, { limits: { idleTimeoutMs: 3_600_000 } });
  const socket = connect(port, "127.0.0.1");
  const ask = (path: string) => `GET http://${authority}${path} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;
  socket.write(ask("/slow") + ask("/large"));
  await until(() => received.length === 2);
  socket.destroy();
  await until(() => events.length === 2);
  expect(events.map(({ decision }) => decision)).toEqual(["failed", "failed"]);
  await gateway.close();
});
