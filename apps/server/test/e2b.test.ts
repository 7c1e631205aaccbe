import { runLabel } from "@glovebox/core/provider";
import { createDockerProvider } from "@glovebox/provider-docker";
import { Sandbox } from "e2b";
import { expect, it } from "vitest";
import { startServerProcess } from "./support/server-process.ts";

it("a program for E2B runs against the server, and its sandboxes end with it where that is asked for", async () => {
  await using server = await startServerProcess({ e2b: true, args: ["--end-sandboxes"] });
  const connection = { apiKey: server.key, apiUrl: server.url, sandboxUrl: server.url, requestTimeoutMs: 240_000 };
  const sandbox = await Sandbox.create(connection);
  expect((await sandbox.commands.run("whoami; pwd")).stdout).toBe("user\n/home/user\n");
  await sandbox.files.write("hello.txt", "from outside");
  expect(await sandbox.files.read("/home/user/hello.txt")).toBe("from outside");

  const { sandboxes } = (await (await server.ask("/v1/sandboxes")).json()) as { sandboxes: unknown[] };
  expect(sandboxes, "they are E2B's, and no run's").toEqual([]);
  server.process.kill("SIGTERM");
  expect(await server.ended).toBe(0);
  for await (const { id } of createDockerProvider().list({ labels: { [runLabel]: sandbox.sandboxId } })) {
    expect.unreachable(`the container ${id} is left`);
  }
});

it("the template claude has Claude Code", async () => {
  await using server = await startServerProcess({ e2b: true, args: ["--end-sandboxes"] });
  const connection = { apiKey: server.key, apiUrl: server.url, sandboxUrl: server.url, requestTimeoutMs: 240_000 };
  const sandbox = await Sandbox.create("claude", connection);
  expect((await sandbox.commands.run("claude --version")).stdout).toContain("(Claude Code)");
  expect(await sandbox.getInfo()).toMatchObject({ name: "claude", memoryMB: 2048 });
});
