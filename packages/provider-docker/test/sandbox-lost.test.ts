import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDockerProvider } from "../src/index.ts";
import { finish, run, sandboxFixture } from "./sandbox-fixture.ts";

const fixture = sandboxFixture();

/** The engine behind a socket of our own, so that its connections can be cut. */
async function engineProxy(): Promise<{ host: string; cut(): void }> {
  const folder = await mkdtemp(join(tmpdir(), "glovebox-proxy-"));
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const engine = connect({ path: "/var/run/docker.sock", allowHalfOpen: true });
    for (const socket of [client, engine]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        client.destroy();
        engine.destroy();
      });
    }
    client.pipe(engine).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(join(folder, "docker.sock"), resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(async () => {
    cut();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });
  return { host: `unix://${folder}/docker.sock`, cut };
}

describe("a sandbox whose connection breaks", () => {
  it("fails what was under way with lost, lives on, and is connected to again", async () => {
    const proxy = await engineProxy();
    const sandbox = await createDockerProvider({ host: proxy.host }).create(fixture.spec());
    const process = await sandbox.spawn(["sh", "-c", "echo begun; sleep 1000"], { output: "detached" });
    const reading = finish(process);
    proxy.cut();
    await expect(reading).rejects.toMatchObject({ code: "lost" });
    expect(await process.exit).toEqual(expect.objectContaining({ exitCode: null, reason: "lost" }));
    await expect(sandbox.spawn(["true"])).rejects.toMatchObject({ code: "lost" });
    await expect(sandbox.extend(1000)).rejects.toMatchObject({ code: "lost" });

    await using again = await fixture.provider.connect(sandbox.id);
    expect((await again.processes()).map(({ id, exit }) => [id, exit])).toEqual([[process.id, undefined]]);
    expect((await run(again, ["echo", "alive"])).stdout).toBe("alive\n");
    await sandbox.destroy();
  });
});
