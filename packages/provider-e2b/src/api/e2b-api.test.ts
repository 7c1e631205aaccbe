import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { createE2bProvider } from "../index.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

it("uses the proxy of the environment, except for hosts in NO_PROXY", async () => {
  const api = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end("[]");
  });
  const tunnels: string[] = [];
  const proxy = createServer().on("connect", (request, socket) => {
    tunnels.push(request.url ?? "");
    const upstream = connect(apiPort, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    socket.on("error", () => upstream.destroy());
  });
  const apiPort = await listen(api);
  const proxyPort = await listen(proxy);
  const settings = { apiKey: "e2b_0", apiUrl: `http://api.example.test:${apiPort}` };
  for (const name of ["HTTP_PROXY", "http_proxy"]) vi.stubEnv(name, `http://127.0.0.1:${proxyPort}`);
  for (const name of ["NO_PROXY", "no_proxy"]) vi.stubEnv(name, "");
  expect((await createE2bProvider(settings).preflight()).ready).toBe(true);
  expect(tunnels).toEqual([`api.example.test:${apiPort}`]);
  for (const name of ["NO_PROXY", "no_proxy"]) vi.stubEnv(name, "127.0.0.1");
  expect((await createE2bProvider({ ...settings, apiUrl: `http://127.0.0.1:${apiPort}` }).preflight()).ready).toBe(
    true,
  );
  expect(tunnels).toHaveLength(1);
  for (const server of [api, proxy]) {
    server.closeAllConnections();
    server.close();
  }
});
