import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createE2bGateway } from "@glovebox/e2b-gateway";
import { createDockerProvider } from "@glovebox/provider-docker";

export interface RunningGateway extends AsyncDisposable {
  /** Serves the control plane and every sandbox. */
  readonly url: string;
  readonly apiKey: string;
}

export interface GatewayOptions {
  /** Private addresses that sandboxes may reach, with their ports. */
  readonly privateHosts?: readonly string[];
}

/** E2B's protocol on a loopback port, in front of the Docker engine. No sandbox outlives it. */
export async function startGateway({ privateHosts = [] }: GatewayOptions = {}): Promise<RunningGateway> {
  const apiKey = `e2b_${randomBytes(20).toString("hex")}`;
  const stateDir = await mkdtemp(join(tmpdir(), "glovebox-e2b-gateway-"));
  const gateway = createE2bGateway({
    provider: createDockerProvider(),
    apiKeys: [apiKey],
    stateDir,
    privateHosts,
    limits: { requestsPerSecond: 10_000 },
  });
  const server = createServer((request, response) => void gateway.handle(request, response));
  server.on("upgrade", (request, socket, head) => void gateway.upgrade(request, socket, head));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    apiKey,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await gateway.close({ sandboxes: "kill" });
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
