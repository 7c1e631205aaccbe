// Serves E2B's protocol on loopback for the benchmarks, in a process of its own as its users have it: one line of JSON says
// where, and the end of its input ends it with all its sandboxes. Its argument is the number of spare sandboxes.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createE2bGateway } from "@glovebox/e2b-gateway";
import { createDockerProvider } from "@glovebox/provider-docker";

const apiKey = `e2b_${randomBytes(20).toString("hex")}`;
const stateDir = mkdtempSync(join(tmpdir(), "glovebox-bench-e2b-"));
const warmPoolSize = Number(process.argv[2] ?? 0);
const gateway = createE2bGateway({ provider: createDockerProvider(), apiKeys: [apiKey], stateDir, warmPoolSize });
const server = createServer((request, response) => gateway.handle(request, response));
// Clients keep a connection for ten minutes at most: they close it.
server.keepAliveTimeout = 640_000;
server.on("upgrade", (request, socket, head) => gateway.upgrade(request, socket, head));
await once(server.listen(0, "127.0.0.1"), "listening");
const address = server.address();
const port = typeof address === "object" ? address?.port : undefined;
process.stdout.write(`${JSON.stringify({ apiKey, url: `http://127.0.0.1:${port}` })}\n`);

await once(process.stdin.resume(), "end");
await gateway.close({ sandboxes: "kill" });
server.closeAllConnections();
server.close();
rmSync(stateDir, { recursive: true, force: true });
