import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { parseCloudflareSettings } from "../cloudflare-settings.ts";
import { reachSupervisor } from "../reach-supervisor.ts";
import { WorkerClient } from "./worker-client.ts";
import { WorkerSandboxes } from "./worker-sandboxes.ts";

let proxy: Server;
let asked: string[];

beforeEach(async () => {
  asked = [];
  proxy = createServer();
  proxy.on("connect", (request, socket) => {
    asked.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
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

const client = () => new WorkerClient(parseCloudflareSettings({ url: "https://worker.test", apiKey: "the-key" }));
const giveUp = { signal: AbortSignal.timeout(10_000) };

it("is asked for a tunnel to the Worker, and sees no key", async () => {
  vi.stubEnv("NO_PROXY", "");
  const looking = new WorkerSandboxes(client()).get("a", giveUp.signal);
  await expect(looking).rejects.toMatchObject({ code: "unavailable", hint: expect.stringContaining("HTTPS_PROXY") });
  const byFetch = asked.length;
  await expect(reachSupervisor(client(), "a", giveUp.signal)).rejects.toMatchObject({ code: "unavailable" });
  expect(byFetch).toBeGreaterThan(0);
  expect(asked.length).toBeGreaterThan(byFetch);
  for (const tunnel of asked) {
    expect(tunnel).toMatch(/^CONNECT worker\.test:443 /);
    expect(tunnel).not.toContain("the-key");
  }
});

it("is not asked where NO_PROXY names the Worker", async () => {
  vi.stubEnv("NO_PROXY", "worker.test");
  await expect(new WorkerSandboxes(client()).get("a", giveUp.signal)).rejects.toMatchObject({ code: "unavailable" });
  await expect(reachSupervisor(client(), "a", giveUp.signal)).rejects.toMatchObject({ code: "unavailable" });
  expect(asked).toEqual([]);
});
