import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { ownerLabel, runLabel, type Sandbox, type SandboxProcess, Secret } from "@glovebox/core/provider";
import { Sandbox as E2bSandbox } from "e2b";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createE2bProvider } from "../src/index.ts";
import { type RunningGateway, startGateway } from "./start-gateway.ts";

let gateway: RunningGateway;
let cuttable: Awaited<ReturnType<typeof startCuttable>>;

beforeAll(async () => {
  gateway = await startGateway();
  cuttable = await startCuttable(gateway.url);
}, 120_000);
afterAll(async () => {
  await cuttable.close();
  await gateway[Symbol.asyncDispose]();
});

/** A TCP proxy whose `cut` breaks every connection. */
async function startCuttable(target: string) {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const upstream = connect(Number(port), hostname);
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      open.add(one);
      one
        .on("error", () => {})
        .on("close", () => {
          open.delete(one);
          other.destroy();
        });
      one.pipe(other);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    close: async () => {
      cut();
      server.close();
    },
  };
}

async function makeSandbox(changes: object = {}): Promise<Sandbox> {
  const { apiKey } = gateway;
  const provider = createE2bProvider({ apiKey, apiUrl: gateway.url, sandboxUrl: cuttable.url });
  const template = await provider.prepare({ base: { kind: "default" }, layers: [] });
  const run = randomUUID();
  return provider.create({
    template,
    labels: { [ownerLabel]: "test", [runLabel]: run },
    ttlMs: 120_000,
    env: {},
    egress: { mode: "none", models: [] },
    idempotencyKey: run,
    ...changes,
  });
}

async function textOf(process: SandboxProcess, onPiece: () => void = () => {}): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of process.output) {
    if ("bytes" in chunk) pieces.push(chunk.bytes);
    onPiece();
  }
  return Buffer.concat(pieces).toString("utf8");
}

describe("a sandbox of a template without Glovebox's tools", () => {
  it("is set up at its creation, and its network is closed before create returns", { timeout: 120_000 }, async () => {
    await using sandbox = await makeSandbox();
    const said = await textOf(
      await sandbox.spawn(["sh", "-c", "id -un; pwd; sudo -n true || echo no; cat /proc/self/status"]),
    );
    expect(said).toMatch(/^agent\n\/workspace\n/);
    expect(said).toMatch(/^NoNewPrivs:\s*1$/m);
    const { network } = await E2bSandbox.getInfo(sandbox.id, { apiKey: gateway.apiKey, apiUrl: gateway.url } as object);
    expect(network?.denyOut).toEqual(["0.0.0.0/0"]);
  });
});

describe("a connection that breaks", () => {
  it("is restored without losing output, the exit code or access to files", { timeout: 120_000 }, async () => {
    await using sandbox = await makeSandbox();
    const lines = 200;
    const script = `i=0; while [ $i -lt ${lines} ]; do echo line $i; i=$((i+1)); sleep 0.01; done; exit 3`;
    const process = await sandbox.spawn(["sh", "-c", script]);
    let pieces = 0;
    const text = await textOf(process, () => {
      pieces += 1;
      if (pieces === 3 || pieces === 20) cuttable.cut();
    });
    expect(text).toBe(Array.from({ length: lines }, (_, index) => `line ${index}\n`).join(""));
    expect(await process.exit).toMatchObject({ exitCode: 3, reason: "exited" });
    cuttable.cut();
    expect((await sandbox.files.list("/workspace")).length).toBe(0);
    expect((await sandbox.info()).state).toBe("running");
  });
});

describe("a policy", () => {
  it("is replaced by connecting with another one", { timeout: 120_000 }, async () => {
    const route = (key: string) => ({
      id: "model",
      upstream: "https://api.example.com",
      paths: [],
      credential: { header: "x-api-key", secret: new Secret("KEY", key) },
    });
    await using sandbox = await makeSandbox({ egress: { mode: "sealed", models: [route("first")] } });
    const at = { apiKey: gateway.apiKey, apiUrl: gateway.url };
    const rules = async () => (await E2bSandbox.getInfo(sandbox.id, at as object)).network?.rules;
    expect(JSON.stringify(await rules())).toContain("first");
    const provider = createE2bProvider({ ...at, sandboxUrl: gateway.url });
    const second = await provider.connect(sandbox.id, { egress: { mode: "sealed", models: [route("second")] } });
    expect(second.modelUrls).toEqual({ model: "https://api.example.com" });
    await second.close();
    const found = JSON.stringify(await rules());
    expect(found).toContain("second");
    expect(found).not.toContain("first");
  });
});
