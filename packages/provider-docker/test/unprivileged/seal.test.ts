import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import type { SealAddress } from "@glovebox/supervisor";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { guestFixture, run } from "./guest-fixture.ts";

const start = guestFixture();

/** An address from which nothing comes: reserved for documentation. */
const nowhere: SealAddress = { host: "192.0.2.1", port: 443, protocol: "tcp" };

describe("a supervisor that is to check its network", () => {
  it("works where only loopback is up, and tries nothing", async () => {
    await using guest = await start({ config: { sealCheck: { addresses: [nowhere] } } });
    const connection = await guest.connect();
    expect(await connection.seal()).toEqual({ checked: true, answered: [], interfaces: [] });
    expect(await run(connection, "echo", "works")).toBe("works");
  });

  it("works where an interface is up and nothing answers", async () => {
    await using network = await internalNetwork();
    const addresses: SealAddress[] = [nowhere, { host: "192.0.2.2", port: 53, protocol: "dns" }];
    await using guest = await start({ network: network.name, config: { sealCheck: { addresses } } });
    const connection = await guest.connect();
    expect(await connection.seal()).toEqual({ checked: true, answered: [], interfaces: ["eth0"] });
    expect(await run(connection, "echo", "works")).toBe("works");
  });

  it("refuses processes and new files, and names what answers, but gives files back", async () => {
    await using network = await internalNetwork();
    await using server = await listen();
    const api = { KUBERNETES_SERVICE_HOST: network.gateway, KUBERNETES_SERVICE_PORT: String(server.port) };
    await using guest = await start({
      network: network.name,
      config: { sealCheck: { addresses: [nowhere] } },
      env: api,
    });
    const connection = await guest.connect();
    const answered = `${network.gateway}:${server.port} (TCP)`;
    expect(await connection.seal()).toEqual({ checked: true, answered: [answered], interfaces: ["eth0"] });
    const message = `The sandbox's network is not shut: ${answered} answered`;
    const refusal = { code: "capability-unsupported", message };
    await expect(connection.spawn(["true"])).rejects.toMatchObject(refusal);
    await expect(connection.files.makeDirectory("/workspace/x")).rejects.toMatchObject(refusal);
    expect(await connection.files.list("/workspace")).toEqual([]);
  });

  it("tries again when it wakes", async () => {
    await using network = await internalNetwork();
    const port = 40_000 + Math.floor(Math.random() * 9000);
    const addresses: SealAddress[] = [{ host: network.gateway, port, protocol: "tcp" }];
    await using guest = await start({
      network: network.name,
      config: { startsAsleep: true, sealCheck: { addresses } },
    });
    const connection = await guest.connect();
    expect((await connection.seal()).answered).toEqual([]);
    await using server = await listen(port);
    await connection.extend(60_000);
    expect(server.port).toBe(port);
    await expect(connection.spawn(["true"])).rejects.toMatchObject({ code: "capability-unsupported" });
  });
});

/** A network of the engine's from which nothing leads out but to its gateway, this host. */
async function internalNetwork(): Promise<AsyncDisposable & { readonly name: string; readonly gateway: string }> {
  const name = `glovebox-test-${randomUUID()}`;
  await execa("docker", ["network", "create", "--internal", name]);
  const format = "{{(index .IPAM.Config 0).Gateway}}";
  const { stdout: gateway } = await execa("docker", ["network", "inspect", "--format", format, name]);
  return { name, gateway, [Symbol.asyncDispose]: async () => void (await execa("docker", ["network", "rm", name])) };
}

async function listen(port = 0): Promise<AsyncDisposable & { readonly port: number }> {
  const server: Server = createServer((socket) => socket.on("error", () => {}).end()).listen(port, "0.0.0.0");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It listens on no port.");
  return { port: address.port, [Symbol.asyncDispose]: async () => void server.close() };
}
