// A gateway in a process of its own, so that its memory can be measured: takes its policy and says where it listens, then
// answers every message with the most memory that it has had since the last.
import { createServer } from "node:net";
import { Secret } from "@glovebox/core/provider";
import { createGateway } from "../src/index.ts";
import { InsideStream } from "./inside-stream.ts";

interface Start {
  readonly port: number;
  readonly tlsPort: number;
}

process.once("message", async ({ port, tlsPort }: Start) => {
  const allow = [port, tlsPort].map((allowed) => ({ host: "127.0.0.1", port: allowed, source: "test" }));
  const site = { host: "site.test", port, source: "test" };
  const secret = new Secret("T", "the-real-token");
  const credential = { host: "git.test", port: tlsPort, header: "private-token", secret, source: "test" };
  const gateway = createGateway({
    policy: { mode: "sealed", models: [], allow: [site, ...allow], credentials: [credential] },
    resolve: async () => ["127.0.0.1"],
  });
  const server = createServer({ allowHalfOpen: true }, (socket) => gateway.handle(new InsideStream(socket)));
  let most = 0;
  setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  process.on("message", () => {
    process.send?.({ most });
    most = process.memoryUsage.rss();
  });
  server.listen(0, "127.0.0.1", async () => {
    process.send?.({ address: server.address(), certificate: await gateway.certificate() });
  });
});
