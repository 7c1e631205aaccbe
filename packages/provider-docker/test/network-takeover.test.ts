import { spawn } from "node:child_process";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type CredentialRule, type EgressPolicy, Secret } from "@glovebox/core/provider";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CreateAndServeInput } from "./create-and-serve.ts";
import { run, sandboxFixture, shell } from "./sandbox-fixture.ts";
import { hostAddress, type TlsServer, tlsFixture } from "./tls-fixture.ts";

const fixture = sandboxFixture();
const tls = tlsFixture();
const token = `token-${Math.random().toString(36).slice(2)}`;
let server: TlsServer;
let credential: Omit<CredentialRule, "secret">;
const streams: ServerResponse[] = [];

/** Answers only those who have the token; one path never comes to its end. */
beforeAll(async () => {
  server = await tls.serve((request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) return void response.writeHead(401).end();
    if (request.url !== "/endless") return void response.end("with the token");
    streams.push(response);
    response.write("begun");
  });
  credential = { host: hostAddress, port: server.port, header: "authorization", scheme: "Bearer", source: "test" };
});
afterAll(() => server.close());

const policy = (): EgressPolicy => ({
  mode: "sealed",
  models: [],
  credentials: [{ ...credential, secret: new Secret("TOKEN", token) }],
});

it("everything that goes out ends with the host process, and begins again with the one that takes over", async () => {
  const creator = fileURLToPath(new URL("./create-and-serve.ts", import.meta.url));
  const spec = fixture.spec({ egress: { mode: "sealed", models: [] } });
  const argv = ["curl", "-sN", `${server.url}/endless`] as const;
  const child = spawn(process.execPath, ["--conditions=@glovebox/source", creator], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify({ spec, credential, token, argv } satisfies CreateAndServeInput));
  const [id] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  await expect.poll(() => streams.length, { timeout: 30_000 }).toBe(1);
  const ended = once(streams[0] ?? child, "close");
  child.kill("SIGKILL");
  await ended;

  const get = ["curl", "-sS", "-m", "3", `${server.url}/`] as const;
  {
    await using looking = await fixture.provider.connect(id);
    expect((await run(looking, [...get])).exitCode).not.toBe(0);
  }
  await using second = await fixture.provider.connect(id, { egress: policy() });
  expect(await run(second, [...get])).toMatchObject({ stdout: "with the token", exitCode: 0 });
  await second.destroy();
});

it("the handle that came last serves egress, also while the first one is there", async () => {
  await using first = await fixture.create({ egress: policy() });
  const get = ["curl", "-sS", "-m", "3", `${server.url}/`] as const;
  expect(await run(first, [...get])).toMatchObject({ stdout: "with the token", exitCode: 0 });
  await using second = await fixture.provider.connect(first.id, { egress: { mode: "sealed", models: [] } });
  // More than the first handle has waiting for connections.
  const answers = await Promise.all(Array.from({ length: 12 }, () => run(first, [...get])));
  expect(answers.map(({ exitCode }) => exitCode)).not.toContain(0);
  await using third = await fixture.provider.connect(first.id, { egress: policy() });
  expect(await run(second, [...get])).toMatchObject({ stdout: "with the token", exitCode: 0 });
  await third.close();
  expect((await run(first, [...get])).exitCode).not.toBe(0);
});

it("a sandbox that is woken finds its egress, with a certificate that it did not know", async () => {
  const sandbox = await fixture.create({ egress: { mode: "sealed", models: [] } });
  await fixture.engine().getContainer(sandbox.id).stop();
  await sandbox.close();
  await using woken = await fixture.provider.connect(sandbox.id, { wakeForMs: 60_000, egress: policy() });
  const answered = await shell(woken, `PATH=/usr/bin:/bin curl -sS ${server.url}/`);
  expect(answered).toMatchObject({ stdout: "with the token", exitCode: 0 });
  await woken.destroy();
});
