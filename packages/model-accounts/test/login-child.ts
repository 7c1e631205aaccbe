// Routes of one login in a process of their own: it takes where the API and the token endpoint are, then sends a request through
// every route with each message, and answers what came back.
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { createGateway } from "@glovebox/egress-gateway";
import { type AccountProgram, loginAccount } from "../src/index.ts";

interface Start {
  readonly program: AccountProgram;
  readonly routes: number;
  readonly upstream: string;
  readonly tokenUrl: string;
}

process.once("message", async ({ program, routes, upstream, tokenUrl }: Start) => {
  const urls: string[] = [];
  for (let index = 0; index < routes; index += 1) {
    // Each run has an account of its own.
    const credential = loginAccount(program, { env: process.env, tokenUrl });
    const paths = [{ method: "POST", path: "/v1/messages" } as const];
    const gateway = createGateway({ policy: { mode: "sealed", models: [{ id: "m", upstream, paths, credential }] } });
    const server = createServer((socket) => gateway.handle(socket)).listen(0, "127.0.0.1");
    await once(server, "listening");
    urls.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}/model/m/v1/messages`);
  }
  process.on("message", async () => {
    const headers = { authorization: "Bearer placeholder" };
    const answers = urls.map(async (url) => {
      const response = await fetch(url, { method: "POST", body: "{}", headers });
      return `${response.status} ${await response.text()}`;
    });
    process.send?.(await Promise.all(answers));
  });
  process.send?.("ready");
});
