import { mkdtemp, readFile, rm } from "node:fs/promises";
import http, { type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownerLabel } from "@glovebox/core/provider";
import { createDockerProvider } from "@glovebox/provider-docker";
import { Sandbox, type SandboxOpts } from "e2b";
import { afterAll, beforeAll, expect } from "vitest";
import { type CloseOptions, createE2bGateway, type E2bGateway, type E2bGatewayOptions } from "../src/index.ts";
import { GatewayKey } from "../src/sandboxes/state/gateway-key.ts";

export const apiKey = "e2b_00000000000000000000000000000000";

/** A gateway that is served, and what the SDK needs to find it. */
export interface ServedGateway {
  readonly url: string;
  readonly options: { readonly apiKey: string; readonly apiUrl: string; readonly sandboxUrl: string };
  /** A request of the test's own to the control plane, with the key. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  close(sandboxes: CloseOptions["sandboxes"]): Promise<void>;
}

export interface ControlFixture {
  /** The gateway that is there for every test of the file. */
  readonly gateway: ServedGateway;
  readonly provider: ReturnType<typeof createDockerProvider>;
  /** The directory that its gateways share. */
  readonly stateDir: string;
  /** Whose the sandboxes are, at the provider. */
  owner(): Promise<string>;
  create(options?: SandboxOpts): Promise<Sandbox>;
  /** Starts another gateway. Default: on the same directory. */
  serve(options?: Partial<E2bGatewayOptions>): Promise<ServedGateway>;
}

/** A gateway on the Docker provider for one test file. What its sandboxes leave behind fails the file, and is removed. */
export function controlFixture(options: Partial<E2bGatewayOptions> = {}): ControlFixture {
  const provider = createDockerProvider();
  const served: ServedGateway[] = [];
  let directory: string | undefined;
  let gateway: ServedGateway | undefined;
  const known = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error("The fixture is not ready: use it inside a test");
    return value;
  };
  const fixture: ControlFixture = {
    provider,
    get stateDir() {
      return join(known(directory), "state");
    },
    get gateway() {
      return known(gateway);
    },
    owner: async () => new GatewayKey(await readFile(join(fixture.stateDir, "key"))).owner,
    create: (wanted) => Sandbox.create({ ...known(gateway).options, timeoutMs: 120_000, ...wanted }),
    async serve(changes = {}) {
      const own = { provider, apiKeys: [apiKey], stateDir: fixture.stateDir };
      const one = await listen(createE2bGateway({ ...own, ...options, ...changes }));
      served.push(one);
      return one;
    },
  };
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "e2b-gateway-"));
    gateway = await fixture.serve();
  });
  afterAll(async () => {
    await Promise.all(served.map((one) => one.close("kill")));
    const owner = await fixture.owner();
    await rm(known(directory), { recursive: true });
    const left: string[] = [];
    for await (const { id } of provider.list({ labels: { [ownerLabel]: owner } })) left.push(id);
    await Promise.all(left.map((id) => provider.destroy(id)));
    expect(left).toEqual([]);
  });
  return fixture;
}

async function listen(gateway: E2bGateway): Promise<ServedGateway> {
  await gateway.start();
  const server = http.createServer({ requestTimeout: 0 }, (request, response) => gateway.handle(request, response));
  server.on("upgrade", (request, socket, head) => gateway.upgrade(request, socket, head));
  const url = `http://127.0.0.1:${await portOf(server)}`;
  return {
    url,
    options: { apiKey, apiUrl: url, sandboxUrl: url },
    ask: (method, path, body, headers) =>
      fetch(`${url}${path}`, {
        method,
        headers: { "x-api-key": apiKey, ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    async close(sandboxes) {
      await gateway.close({ sandboxes });
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port");
  return address.port;
}

/** Port 49983 or another of a sandbox, asked as a client of its own would. */
export function askPort(
  { url }: ServedGateway,
  sandbox: Pick<Sandbox, "sandboxId">,
  port: number,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const headers = { "e2b-sandbox-id": sandbox.sandboxId, "e2b-sandbox-port": String(port) };
  return fetch(`${url}${path}`, { ...init, headers: { ...headers, ...(init.headers as Record<string, string>) } });
}
