import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runServer, startServerProcess } from "./support/server-process.ts";

const key = "a-key-of-sixteen-characters-or-more";

describe("the server", () => {
  it("answers clients with a key, and reveals nothing to others", async () => {
    await using server = await startServerProcess({
      env: { GLOVEBOX_SERVER_API_KEYS: `${key},another-key-of-the-kind` },
    });
    expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: "ok" });
    const ask = async (headers: Record<string, string>) => (await fetch(`${server.url}/v1/runs`, { headers })).status;
    expect(await ask({ authorization: `Bearer ${key}` })).toBe(200);
    expect(await ask({ "x-api-key": "another-key-of-the-kind" })).toBe(200);
    expect(await ask({})).toBe(401);
    expect(await ask({ authorization: `Bearer ${key.slice(1)}` })).toBe(401);
    expect((await fetch(`${server.url}/v1/anything`)).status).toBe(401);
    expect((await fetch(`${server.url}/sandboxes`)).status).toBe(404);
    expect((await fetch(`${server.url}/sandboxes`, { headers: { accept: "text/html" } })).status).toBe(200);
    for (let at = 0; at < 200; at += 1) expect(await ask({ "x-api-key": `guess-number-${at}` })).toBe(401);
    const refused = server
      .stderr()
      .split("\n")
      .filter((line) => line.includes("without a valid key"));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(10);
    expect(JSON.parse(refused[0] ?? "")).toMatchObject({ address: "127.0.0.1", path: "/v1/runs", key: "missing" });
    expect(server.stderr()).not.toMatch(/guess-number|sixteen/);
  });

  it("creates a key that only its owner can read, where none is set", async () => {
    await using server = await startServerProcess();
    expect(statSync(join(server.home, "server", "api-key")).mode & 0o777).toBe(0o600);
    expect((await server.ask("/v1/runs")).status).toBe(200);
  });

  it("answers too many requests with 429 and the time to wait", async () => {
    await using server = await startServerProcess();
    const answers = await Promise.all(Array.from({ length: 300 }, () => server.ask("/v1/runs")));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
    await Promise.all(answers.map((answer) => answer.body?.cancel()));
  });
});

it("prints its version, as its package names it", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const server = runServer(["--version"], {});
  expect(await server.ended).toBe(0);
  expect(server.stdout()).toBe(`${version}\n`);
});

describe("a request to upgrade the protocol", () => {
  const upgrade = (path: string, protocol: string): string =>
    `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: ${protocol}\r\n\r\n`;

  it("does no harm, also where its client breaks off", async () => {
    await using server = await startServerProcess();
    for (let left = 20; left > 0; left--) {
      const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
      const closed = once(socket, "close");
      socket.write(upgrade("/v1/runs", "websocket"), () => socket.resetAndDestroy());
      await closed;
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    }
  });

  it("to HTTP/2, which some clients send with every request, is ignored", async () => {
    await using server = await startServerProcess();
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.write(upgrade("/healthz", "h2c"));
    const [answer] = await once(socket, "data");
    expect(String(answer)).toMatch(/^HTTP\/1.1 200 /);
    socket.destroy();
  });
});

describe("its command line", () => {
  const directory = (): Disposable & { readonly path: string } => {
    const path = mkdtempSync(join(tmpdir(), "glovebox-server-"));
    return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
  };

  it.each([
    [["--host", "0.0.0.0"], /plain HTTP would carry their keys unencrypted\nhint: .*--tls-cert/],
    [["--host", "0.0.0.0", "--trusted-proxy", "10.0.0.1"], /no key was set\nhint: .*GLOVEBOX_SERVER_API_KEYS/],
    [["--port", "eighty"], /A port is a number/],
    [["--tls-cert", "a.pem"], /must be used together/],
    [["--nonsense"], /unknown option/],
    [["--config", "/nowhere.json"], /configuration \/nowhere.json does not exist/],
    [["--provider", "nowhere"], /not installed/],
  ])("%j is refused with 2", async (args, message) => {
    using home = directory();
    const server = runServer(args, { GLOVEBOX_HOME: home.path });
    expect(await server.ended).toBe(2);
    expect(server.stderr()).toMatch(message);
  });

  it("refuses a key's file that holds none: whoever sends an empty key would have it", async () => {
    using home = directory();
    mkdirSync(join(home.path, "server"));
    writeFileSync(join(home.path, "server", "api-key"), "\n");
    const server = runServer(["--no-e2b", "--port", "0"], { GLOVEBOX_HOME: home.path });
    server.process.stdout?.once("data", () => server.process.kill("SIGTERM"));
    expect(await server.ended).toBe(2);
    expect(server.stderr()).toContain("holds no key");
  });

  it("says what is wrong with a state directory that it cannot use", async () => {
    using home = directory();
    const file = join(home.path, "file");
    writeFileSync(file, "");
    const server = runServer(["--no-e2b", "--port", "0", "--state-dir", file], { GLOVEBOX_HOME: home.path });
    expect(await server.ended).toBe(2);
    expect(server.stderr()).toMatch(
      /^error: The state directory .*file cannot be used \(.*file is not a directory\)\nhint: /,
    );
  });

  it("gives way to nothing: flags win over the environment, and that over the file", async () => {
    using home = directory();
    const file = join(home.path, "server.json");
    writeFileSync(file, JSON.stringify({ port: 1, logLevel: "silent", e2b: true, unknown: 1 }));
    const wrong = runServer(["--config", file], { GLOVEBOX_HOME: home.path });
    expect(await wrong.ended).toBe(2);
    expect(wrong.stderr()).toContain("unknown");
    writeFileSync(file, JSON.stringify({ port: 1, logLevel: "silent", e2b: false }));
    await using server = await startServerProcess({
      e2b: true,
      args: ["--config", file],
      env: { GLOVEBOX_SERVER_PORT: "2" },
    });
    expect((await server.ask("/healthz")).status).toBe(200);
    expect(server.stdout()).not.toContain("E2B_API_URL");
    expect(server.stderr()).toBe("");
  });
});

describe("E2B's protocol", () => {
  it("is served by one server for a state directory, until that one ends, however it ends", async () => {
    await using first = await startServerProcess({ e2b: true, args: ["--warm-pool-size", "0"] });
    const second = runServer(["--port", "0"], { GLOVEBOX_HOME: first.home });
    expect(await second.ended).toBe(2);
    expect(second.stderr()).toMatch(/^error: Another process has the database in .* open\nhint: .*--state-dir/m);
    first.process.kill("SIGKILL");
    await first.ended;
    const third = runServer(["--port", "0", "--warm-pool-size", "0"], { GLOVEBOX_HOME: first.home });
    third.process.stdout?.once("data", () => third.process.kill("SIGTERM"));
    expect(await third.ended).toBe(0);
  });

  it("is served by one of several servers that start at once, however deep the directory lies", async () => {
    await using first = await startServerProcess({ e2b: true, args: ["--warm-pool-size", "0"] });
    const directory = join(first.home, "deep".repeat(30), "deeper".repeat(20));
    const args = ["--port", "0", "--warm-pool-size", "0", "--state-dir", directory];
    const killed = runServer(args, { GLOVEBOX_HOME: first.home });
    await once(killed.process.stdout ?? killed.process, "data");
    killed.process.kill("SIGKILL");
    await killed.ended;
    const servers = [1, 2, 3].map(() => runServer(args, { GLOVEBOX_HOME: first.home }));
    const codes: (number | null)[] = [];
    const ended = servers.map(async (server) => codes.push(await server.ended));
    await expect.poll(() => codes, { timeout: 100_000 }).toEqual([2, 2]);
    for (const server of servers) server.process.kill("SIGTERM");
    await Promise.all(ended);
    expect(codes).toEqual([2, 2, 0]);
  });

  it("is served unless it is turned off, over TLS too, under a certificate of the domain's", async () => {
    await using server = await startServerProcess({ e2b: true, args: ["--tls-self-signed", "--tls-port", "0"] });
    expect(await (await server.ask("/v2/sandboxes", { headers: { "x-api-key": server.key } })).json()).toEqual([]);
    expect((await server.ask("/v1/runs")).status).toBe(200);
    const [, name = "", port = ""] = /E2B_DOMAIN=([a-z.0-9]+):(\d+)/.exec(server.stdout()) ?? [];
    const ca = readFileSync(/NODE_EXTRA_CA_CERTS=(\S+)/.exec(server.stdout())?.[1] ?? "");
    const status = await new Promise((resolve, reject) => {
      const headers = { host: `api.${name}:${port}`, "x-api-key": server.key };
      const agent = new Agent({ ca });
      request(
        { host: "127.0.0.1", port, servername: `api.${name}`, path: "/v2/sandboxes", headers, agent },
        (response) => resolve(response.resume().statusCode),
      )
        .once("error", reject)
        .end();
    });
    expect(status).toBe(200);
  });
});
