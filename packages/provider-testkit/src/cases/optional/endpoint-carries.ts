import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import type { SandboxEndpoint } from "@glovebox/core/provider";
import type { ConformanceCase } from "../../conformance-case.ts";
import { nodeScript } from "../../in-sandbox/node-script.ts";
import { TextReader } from "../../in-sandbox/text-reader.ts";

/**
 * Answers requests with what it was sent, reversed; and whoever switches protocols with every byte, to its end. Says its
 * port. On the loopback alone, as what nobody is meant to reach from elsewhere.
 */
const server = `
const server = require("node:http").createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  response.setHeader("x-host", request.headers.host);
  response.end(Buffer.concat(pieces).reverse());
});
server.on("upgrade", (request, socket) => {
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: echo\\r\\n\\r\\n");
  socket.pipe(socket);
});
server.listen(0, "127.0.0.1", () => console.log("port " + server.address().port + "."));
`;

const megabyte = 1_000_000;

export const endpointCarries: ConformanceCase = {
  name: "optional/endpoint-carries",
  title: "Reaches a port on the sandbox's loopback: whole bodies, concurrent connections and upgrades",
  requires: ({ endpoint }) => endpoint,
  async run({ shared }) {
    const sandbox = await shared();
    const process = await sandbox.spawn(nodeScript(server));
    const reader = new TextReader(process);
    await reader.until(".");
    const port = Number(/port (\d+)/.exec(reader.text)?.[1]);
    await using endpoint = await sandbox.endpoint(port);
    const body = Buffer.alloc(20 * megabyte, "0123456789");
    const answer = await fetch(endpoint.url, { method: "POST", headers: endpoint.headers, body });
    assert.ok(
      Buffer.from(await answer.arrayBuffer()).equals(Buffer.from(body).reverse()),
      "The body came back changed",
    );
    const words = Array.from({ length: 50 }, (_, index) => `${index}!`);
    const answers = await Promise.all(words.map((word) => ask(endpoint, word)));
    assert.deepEqual(
      answers,
      words.map((word) => word.split("").reverse().join("")),
    );
    await assertUpgrades(endpoint);
    await assertConnects(endpoint);
    await assertGuarded(endpoint);
    await process.kill();
    await reader.stop();
  },
};

async function ask({ url, headers }: SandboxEndpoint, body: string): Promise<string> {
  return (await fetch(url, { method: "POST", headers, body })).text();
}

/** A connection of this process needs no headers. */
async function assertConnects(endpoint: SandboxEndpoint): Promise<void> {
  const socket = await endpoint.connect();
  socket.end("POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc");
  let received = "";
  for await (const piece of socket) received += (piece as Buffer).toString("latin1");
  assert.match(received, /cba/, "A connection of this process did not reach the port");
}

/** Other users and web pages of this host reach a loopback address as well, without the headers. */
async function assertGuarded({ url }: SandboxEndpoint): Promise<void> {
  const { hostname } = new URL(url);
  if (hostname !== "127.0.0.1" && hostname !== "localhost" && hostname !== "[::1]") return;
  // A connection of its own: one that this process has kept has shown the headers.
  const sent = request(url, { method: "POST", agent: false }).end("guarded");
  const status = await new Promise<number | undefined>((resolve) => {
    sent.once("response", (answer) => resolve(answer.resume().statusCode)).once("error", () => resolve(undefined));
  });
  assert.ok(status === undefined || status >= 400, "The port was reached without the endpoint's headers");
}

/** What is neither request nor answer passes both ways, and the end of one direction does not end the other. */
async function assertUpgrades({ url, headers }: SandboxEndpoint): Promise<void> {
  const { hostname, port, protocol } = new URL(url);
  if (protocol !== "http:") return;
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  const lines = ["GET / HTTP/1.1", `host: ${hostname}`, "connection: upgrade", "upgrade: echo"];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  let received = "";
  let ended = 0;
  socket.on("data", (bytes: Buffer) => {
    ended += bytes.length;
    if (received.length < 4096) received += bytes.toString("latin1");
  });
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  while (!received.includes("\r\n\r\n")) await once(socket, "data");
  assert.match(received, /^HTTP\/1.1 101/);
  const head = received.indexOf("\r\n\r\n") + 4;
  socket.end(Buffer.alloc(10 * megabyte, 7));
  await once(socket, "end");
  assert.equal(ended - head, 10 * megabyte, "What was sent before the end did not come back");
}
