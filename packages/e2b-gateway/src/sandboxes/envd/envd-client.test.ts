import { once } from "node:events";
import { Agent, createServer, type RequestListener } from "node:http";
import { type AddressInfo, createConnection } from "node:net";
import { expect, test } from "vitest";
import { EnvdClient } from "./envd-client.ts";

/** A client of what a program inside has put in envd's place. */
async function clientOf(answer: RequestListener): Promise<EnvdClient & AsyncDisposable> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const agent = new Agent();
  agent.createConnection = () => createConnection({ host: "127.0.0.1", port });
  const target = async () => ({ overTls: false, agent, upgradeAgent: agent });
  return Object.assign(new EnvdClient({ target }, undefined), {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

test("an answer that does not end is given up before it fills the memory", async () => {
  let sent = 0;
  await using envd = await clientOf((_, response) => {
    const chunk = Buffer.alloc(256 * 1024, "[");
    const more = (): void => {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length;
    };
    response.on("drain", more);
    more();
  });
  await expect(envd.get("/metrics", AbortSignal.timeout(20_000))).rejects.toThrow("too large");
  expect(sent).toBeLessThan(64 * 1024 * 1024);
});

test("an answer is JSON", async () => {
  await using envd = await clientOf((_, response) => response.end('{"ts":1}'));
  expect(await envd.get("/metrics", AbortSignal.timeout(20_000))).toEqual({ ts: 1 });
});
