import assert from "node:assert/strict";
import { once } from "node:events";
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
  title: "An endpoint reaches a port of the sandbox's loopback: bodies whole, many at once, other protocols by upgrade",
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
    await process.kill();
    await reader.stop();
  },
};

async function ask({ url, headers }: SandboxEndpoint, body: string): Promise<string> {
  return (await fetch(url, { method: "POST", headers, body })).text();
}

/** What is neither request nor answer passes both ways, and the end of one direction does not end the other. */
async function assertUpgrades({ url, headers }: SandboxEndpoint): Promise<void> {
  const { hostname, port, protocol } = new URL(url);
  if (protocol !== "http:") return;
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  const lines = ["GET / HTTP/1.1", `host: ${hostname}`, "connection: upgrade", "upgrade: echo"];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  let told = "";
  let ended = 0;
  socket.on("data", (bytes: Buffer) => {
    ended += bytes.length;
    if (told.length < 4096) told += bytes.toString("latin1");
  });
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  while (!told.includes("\r\n\r\n")) await once(socket, "data");
  assert.match(told, /^HTTP\/1.1 101/);
  const head = told.indexOf("\r\n\r\n") + 4;
  socket.end(Buffer.alloc(10 * megabyte, 7));
  await once(socket, "end");
  assert.equal(ended - head, 10 * megabyte, "What was sent before the end did not come back");
}
