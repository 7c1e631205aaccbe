import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { resolveSettings } from "../cloudflare-settings.ts";
import { connectToSupervisor } from "./connect-to-supervisor.ts";
import { WorkerClient } from "./worker-client.ts";
import { WorkerSandboxes } from "./worker-sandboxes.ts";

let proxy: Server;
let tunnels: string[];

beforeEach(async () => {
  tunnels = [];
  proxy = createServer();
  proxy.on("connect", (request, socket) => {
    tunnels.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
    socket.end("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  vi.stubEnv("https_proxy", "");
  vi.stubEnv("no_proxy", "");
});

afterEach(() => {
  vi.unstubAllEnvs();
  proxy.close();
});

const client = () => new WorkerClient(resolveSettings({ url: "https://worker.test", apiKey: "the-key" }));
const options = { signal: AbortSignal.timeout(10_000) };

it("tunnels to the Worker through the host's proxy, which does not see the key", async () => {
  vi.stubEnv("NO_PROXY", "");
  const looking = new WorkerSandboxes(client()).get("a", options.signal);
  await expect(looking).rejects.toMatchObject({ code: "unavailable", hint: expect.stringContaining("HTTPS_PROXY") });
  const byFetch = tunnels.length;
  await expect(connectToSupervisor(client(), "a", options.signal)).rejects.toMatchObject({ code: "unavailable" });
  expect(byFetch).toBeGreaterThan(0);
  expect(tunnels.length).toBeGreaterThan(byFetch);
  for (const tunnel of tunnels) {
    expect(tunnel).toMatch(/^CONNECT worker\.test:443 /);
    expect(tunnel).not.toContain("the-key");
  }
});

it("bypasses the proxy for hosts in NO_PROXY", async () => {
  vi.stubEnv("NO_PROXY", "worker.test");
  await expect(new WorkerSandboxes(client()).get("a", options.signal)).rejects.toMatchObject({ code: "unavailable" });
  await expect(connectToSupervisor(client(), "a", options.signal)).rejects.toMatchObject({ code: "unavailable" });
  expect(tunnels).toEqual([]);
});
