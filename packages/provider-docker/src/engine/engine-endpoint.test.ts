import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEngine, resolveEngineEndpoint } from "./engine-endpoint.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "glovebox-endpoint-"));
});
afterEach(() => rm(home, { recursive: true }));

const write = async (path: string, text: string) => {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await writeFile(join(home, path), text);
};
const context = (name: string, docker: object) => {
  const id = createHash("sha256").update(name).digest("hex");
  return write(`config/contexts/meta/${id}/meta.json`, JSON.stringify({ Name: name, Endpoints: { docker } })).then(
    () => id,
  );
};
const resolve = (env: NodeJS.ProcessEnv = {}, host?: string) =>
  resolveEngineEndpoint({ env: { HOME: home, DOCKER_CONFIG: join(home, "config"), ...env }, ...(host && { host }) });

describe("where the engine is", () => {
  it("goes by the settings, then DOCKER_HOST, then DOCKER_CONTEXT, then the configuration's context", async () => {
    await context("one", { Host: "unix:///one.sock" });
    await context("two", { Host: "unix:///two.sock" });
    await write("config/config.json", JSON.stringify({ currentContext: "one" }));
    const all = { DOCKER_HOST: "unix:///host.sock", DOCKER_CONTEXT: "two" };
    expect(await resolve(all, "unix:///given.sock")).toMatchObject({
      description: "unix:///given.sock",
      source: "settings",
    });
    expect(await resolve(all)).toMatchObject({ description: "unix:///host.sock", source: "DOCKER_HOST" });
    expect(await resolve({ DOCKER_CONTEXT: "two" })).toMatchObject({
      description: "unix:///two.sock",
      source: "context two",
    });
    expect(await resolve()).toMatchObject({ description: "unix:///one.sock", source: "context one" });
    expect((await resolve({ DOCKER_CONTEXT: "default" })).source).toBe("default");
  });

  it("takes a context's certificates", async () => {
    const id = await context("remote", { Host: "tcp://engine.example:2376" });
    for (const name of ["ca", "cert", "key"])
      await write(`config/contexts/tls/${id}/docker/${name}.pem`, `${name} text`);
    const { dockerOptions } = await resolve({ DOCKER_CONTEXT: "remote" });
    expect(dockerOptions).toMatchObject({ protocol: "https", host: "https://engine.example", port: "2376" });
    expect([dockerOptions.ca, dockerOptions.cert, dockerOptions.key].map(String)).toEqual([
      "ca text",
      "cert text",
      "key text",
    ]);
  });

  it("takes TLS from the environment, with the port that goes with it", async () => {
    for (const name of ["ca", "cert", "key"]) await write(`certs/${name}.pem`, name);
    const env = { DOCKER_HOST: "tcp://10.0.0.1", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: join(home, "certs") };
    expect((await resolve(env)).dockerOptions).toMatchObject({ protocol: "https", port: 2376 });
    expect((await resolve({ DOCKER_HOST: "10.0.0.1" })).dockerOptions).toMatchObject({ protocol: "http", port: 2375 });
    expect((await resolve({ DOCKER_HOST: "tcp://10.0.0.1:80" })).dockerOptions).toMatchObject({ port: "80" });
  });

  it("reaches an engine over ssh by the ssh program", async () => {
    const { dockerOptions, description } = await resolve({ DOCKER_HOST: "ssh://me@build.example:2222" });
    expect(description).toBe("ssh://me@build.example:2222");
    expect(dockerOptions.agent).toMatchObject({
      argv: [
        "-T",
        "-o",
        "ConnectTimeout=30",
        "-l",
        "me",
        "-p",
        "2222",
        "--",
        "build.example",
        "docker",
        "system",
        "dial-stdio",
      ],
    });
  });

  it.each([
    ["an unknown scheme", { DOCKER_HOST: "gopher://x" }],
    ["a relative socket", { DOCKER_HOST: "unix://relative.sock" }],
    ["an address without a host", { DOCKER_HOST: "tcp://" }],
    ["a password", { DOCKER_HOST: "ssh://me:secret@host" }],
    ["a context that is missing", { DOCKER_CONTEXT: "nowhere" }],
    [
      "a directory without certificates",
      { DOCKER_HOST: "tcp://h", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/nowhere" },
    ],
  ])("refuses %s, and says what to do", async (_, env) => {
    const error = await resolve(env).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidOptionsError);
    expect((error as InvalidOptionsError).hint).toBeTruthy();
    expect((error as InvalidOptionsError).message).not.toContain("secret");
  });

  it("refuses a configuration that is no JSON", async () => {
    await write("config/config.json", "{");
    await expect(resolve()).rejects.toMatchObject({ code: "invalid-options" });
  });

  it("asks the resolved engine, whatever DOCKER_HOST says to the library beneath", async () => {
    const socket = join(home, "engine.sock");
    const server = createServer((connection) => {
      connection.on("data", () =>
        connection.end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nOK-it"),
      );
    });
    await new Promise<void>((listening) => server.listen(socket, listening));
    const before = process.env.DOCKER_HOST;
    process.env.DOCKER_HOST = "tcp://127.0.0.1:1";
    try {
      const engine = createEngine(await resolve({}, `unix://${socket}`));
      expect(String(await engine.ping())).toBe("OK-it");
    } finally {
      if (before === undefined) delete process.env.DOCKER_HOST;
      else process.env.DOCKER_HOST = before;
      server.close();
    }
  });
});
