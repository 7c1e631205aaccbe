import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import { type AddressInfo, createConnection } from "node:net";
import { Duplex } from "node:stream";
import type { SandboxEndpoint } from "@glovebox/core/provider";
import { expect, test } from "vitest";
import { PortAgent } from "./port-agent.ts";

/** A connection that is a stream and no socket, as those into a sandbox are. */
function plainDuplex(port: number): Duplex {
  const socket = createConnection({ host: "127.0.0.1", port, allowHalfOpen: true });
  return Duplex.from({ readable: socket, writable: socket });
}

test("a kept connection serves many requests, one after the other, and gathers nothing on the way", async () => {
  let connections = 0;
  const server = createServer((_, response) => response.end("here")).listen(0, "127.0.0.1");
  server.on("connection", () => {
    connections += 1;
  });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const created: Duplex[] = [];
  const connect = async () => {
    const duplex = plainDuplex(port);
    created.push(duplex);
    return duplex;
  };
  const agent = new PortAgent({ connect } as unknown as SandboxEndpoint, { keepAlive: true });
  let listeners = 0;
  for (let at = 0; at < 30; at += 1) {
    const sent = request({ agent, path: "/" }).end();
    const [reply] = (await once(sent, "response")) as [IncomingMessage];
    expect((await reply.toArray()).join("")).toBe("here");
    // The agent takes the connection back after the answer's end.
    await expect.poll(() => Object.values(agent.freeSockets).flat()).toHaveLength(1);
    const now = created[0]?.listenerCount("error") ?? 0;
    if (at === 5) listeners = now;
    if (at > 5) expect(now).toBe(listeners);
  }
  expect(connections).toBe(1);
  agent.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
