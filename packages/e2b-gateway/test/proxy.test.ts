import { execFile } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import http from "node:http";
import { connect } from "node:net";
import { promisify } from "node:util";
import { type Sandbox, TimeoutError } from "e2b";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { askPort, controlFixture } from "./control-fixture.ts";

const fixture = controlFixture({ domain: "e2b.localhost:4433" });
let sandbox: Sandbox;

/** Answers with what it was sent; `/slow` never ends; an upgrade is echoed, byte by byte. */
const server = `
import http from "node:http";
const raw = {
  "/control": "HTTP/1.1 200 O\\x01K\\r\\ncontent-length: 2\\r\\n\\r\\nhi",
  "/no-status": "HTTP/1.1 000 OK\\r\\ncontent-length: 2\\r\\n\\r\\nhi",
  "/name": "HTTP/1.1 200 OK\\r\\nx-name: caf\u00e9\\r\\ncontent-length: 2\\r\\n\\r\\nhi",
  "/switched": "HTTP/1.1 101 Switching Protocols\\r\\nconnection: upgrade\\r\\nupgrade: echo\\r\\n\\r\\nhi",
};
const server = http.createServer((request, response) => {
  if (request.url === "/slow") return void response.write("begun");
  if (request.url === "/broken") return void response.write("half", () => response.destroy());
  if (request.url === "/early") return void response.end("early", () => request.socket.destroy());
  if (request.url in raw) return void request.socket.end(raw[request.url]);
  if (request.url === "/headers") return void response.end(JSON.stringify(request.rawHeaders));
  response.writeHead(request.url.startsWith("/teapot") ? 418 : 200, { "x-path": request.url, "set-cookie": ["a=1", "b=2"] });
  request.pipe(response);
});
server.on("upgrade", (request, socket, head) => {
  if (request.url === "/refused") return void socket.end("HTTP/1.1 403 Forbidden\\r\\ncontent-length: 2\\r\\n\\r\\nno");
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nconnection: upgrade\\r\\nupgrade: echo\\r\\nx-inside: yes\\r\\n\\r\\n");
  socket.write(head);
  socket.pipe(socket);
});
server.listen(3000);
`;

/** The ports that this process listens on, by the system's own table. */
function ownListeners(): number[] {
  const inodes = new Set(
    readdirSync("/proc/self/fd").flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  const rows = readFileSync("/proc/self/net/tcp", "utf8").trim().split("\n").slice(1);
  return rows.flatMap((row) => {
    const [, local = "", , state, , , , , , inode = ""] = row.trim().split(/\s+/);
    return state === "0A" && inodes.has(inode) ? [Number.parseInt(local.split(":")[1] ?? "", 16)] : [];
  });
}

async function startServer(to: Sandbox): Promise<void> {
  await to.files.write("server.mjs", server);
  await to.commands.run("node server.mjs", { background: true, timeoutMs: 0 });
  await to.commands.run("until curl -s --noproxy '*' localhost:3000/ > /dev/null; do sleep 0.1; done");
}

beforeAll(async () => {
  sandbox = await fixture.create();
  await startServer(sandbox);
});
afterAll(() => sandbox.kill());

describe("a port of a sandbox", () => {
  test("gets requests as they were sent, and its answers come back as they are", async () => {
    const reply = await askPort(fixture.gateway, sandbox, 3000, "/teapot?a=%20b&&c", { method: "PUT", body: "sent" });
    expect([reply.status, await reply.text()]).toEqual([418, "sent"]);
    expect(reply.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(reply.headers.get("x-path")).toBe("/teapot?a=%20b&&c");
    const named = await askPort(fixture.gateway, sandbox, 3000, "/name");
    expect(Buffer.from(named.headers.get("x-name") ?? "", "latin1").toString()).toBe("caf\u00e9");
  });

  test("is found by the host's name as well, whatever its case", async () => {
    const { port } = new URL(fixture.gateway.url);
    const host = `3000-${sandbox.sandboxId.toUpperCase()}.E2B.localhost:${port}`;
    const requests = http
      .request({ host: "127.0.0.1", port, path: "/headers", headers: { host, "x-kept": "1" } })
      .end();
    const [reply] = (await once(requests, "response")) as [http.IncomingMessage];
    const headers = (await reply.toArray()).join("");
    expect(JSON.parse(headers)).toEqual(expect.arrayContaining(["x-kept", "1", "Host", host]));
    expect(sandbox.getHost(3000)).toBe(`3000-${sandbox.sandboxId}.e2b.localhost:4433`);
  });

  test("streams both ways, piece by piece", async () => {
    const headers = { "e2b-sandbox-id": sandbox.sandboxId, "e2b-sandbox-port": "3000" };
    const requests = http.request(`${fixture.gateway.url}/echo`, { method: "POST", headers });
    requests.write("one");
    const [reply] = (await once(requests, "response")) as [http.IncomingMessage];
    expect(String((await once(reply, "data"))[0])).toBe("one");
    requests.write("two");
    expect(String((await once(reply, "data"))[0])).toBe("two");
    requests.end();
    await once(reply.resume(), "end");
    expect(reply.complete).toBe(true);
  });

  test("carries 32 MiB both ways whole", async () => {
    const body = Buffer.alloc(32 * 1024 * 1024, "0123456789abcdef");
    const reply = await askPort(fixture.gateway, sandbox, 3000, "/echo", { method: "POST", body });
    expect(Buffer.compare(Buffer.from(await reply.arrayBuffer()), body)).toBe(0);
  });

  test("an answer that breaks off inside is broken outside", async () => {
    const reply = await askPort(fixture.gateway, sandbox, 3000, "/broken");
    await expect(reply.text()).rejects.toThrow();
  });

  test("may respond before it has read all, and disconnect: the gateway keeps running", async () => {
    const body = Buffer.alloc(8 * 1024 * 1024);
    const requests = Array.from({ length: 5 }, () =>
      askPort(fixture.gateway, sandbox, 3000, "/early", { method: "PUT", body }).then((reply) => reply.text(), String),
    );
    await Promise.all(requests);
    expect(await (await askPort(fixture.gateway, sandbox, 3000, "/echo", { method: "POST", body: "on" })).text()).toBe(
      "on",
    );
  });

  test.each(["/control", "/no-status", "/switched"])(
    "may answer what no server may (%s): it alone is refused",
    async (path) => {
      expect((await askPort(fixture.gateway, sandbox, 3000, path)).status).toBe(502);
      expect((await askPort(fixture.gateway, sandbox, 3000, "/teapot")).status).toBe(418);
    },
  );

  test("changes over to another protocol, or says why not", async () => {
    const { port } = new URL(fixture.gateway.url);
    const upgrade = (path: string): string =>
      `GET ${path} HTTP/1.1\r\nhost: 3000-${sandbox.sandboxId}.localhost\r\nconnection: Upgrade\r\nupgrade: echo\r\n\r\n`;
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(`${upgrade("/")}early`);
    let seen = "";
    socket.on("data", (data) => {
      seen += data;
    });
    await expect.poll(() => seen).toMatch(/^HTTP\/1.1 101 .*x-inside: yes.*\r\n\r\nearly$/s);
    socket.write("late");
    await expect.poll(() => seen).toMatch(/earlylate$/);
    socket.destroy();

    const refused = connect(Number(port), "127.0.0.1").end(upgrade("/refused"));
    expect((await refused.toArray()).join("")).toMatch(/^HTTP\/1.1 403 Forbidden\r\n.*\r\n\r\nno$/s);
    const closed = new WebSocket(`ws://127.0.0.1:${port}/`, {
      headers: { "e2b-sandbox-id": sandbox.sandboxId, "e2b-sandbox-port": "3999" },
    });
    const [error] = await once(closed, "error");
    expect(String(error)).toContain("502");
  });
});

describe("what the proxy refuses", () => {
  test.each([
    ["a port where nothing listens", "3999", 502, "The sandbox is running but port is not open"],
    ["what is no port", "http", 400, "Invalid sandbox port"],
    ["a port that there cannot be", "70000", 400, "Invalid sandbox port"],
  ])("%s", async (_, port, status, message) => {
    const headers = { "e2b-sandbox-id": sandbox.sandboxId, "e2b-sandbox-port": port };
    const reply = await fetch(fixture.gateway.url, { method: "POST", headers, body: "unread" });
    expect([reply.status, await reply.json()]).toMatchObject([status, { message, code: status }]);
  });

  test("a sandbox that nobody knows", async () => {
    const reply = await askPort(fixture.gateway, { sandboxId: "iaaaaaaaaaaaaaaaaaaa" }, 3000, "/");
    const body = { sandboxId: "iaaaaaaaaaaaaaaaaaaa", message: "The sandbox was not found", code: 502 };
    expect([reply.status, await reply.json()]).toEqual([502, body]);
  });

  test("a signed link that no sandbox has made; one that a sandbox has made leads to it", async () => {
    const { url } = fixture.gateway;
    const other = await fixture.create();
    await Promise.all([sandbox.files.write("whose.txt", "the first's"), other.files.write("whose.txt", "the other's")]);
    const links = [await sandbox.downloadUrl("whose.txt"), await other.downloadUrl("whose.txt")];
    expect(links.every((link) => link.startsWith(`${url}/files?`))).toBe(true);
    const contents = await Promise.all(links.map(async (link) => (await fetch(link)).text()));
    expect(contents).toEqual(["the first's", "the other's"]);
    const forged = new URL(links[0] ?? "");
    forged.searchParams.set("path", "/etc/passwd");
    expect((await fetch(forged)).status).toBe(401);
    await other.kill();
    expect((await fetch(links[1] ?? "")).status).toBe(401);
  });
});

test("the end of a sandbox ends what is in flight to it, at once, and nothing else", async () => {
  const killed = await fixture.create();
  await startServer(killed);
  const [ofKilled, ofOther] = await Promise.all([
    askPort(fixture.gateway, killed, 3000, "/slow"),
    askPort(fixture.gateway, sandbox, 3000, "/slow"),
  ]);
  const command = await killed.commands.run("sleep 600", { background: true, timeoutMs: 0 });
  const kept = await sandbox.commands.run("cat", { background: true, stdin: true, timeoutMs: 0 });
  const ended = ofKilled.text();
  const failed = command.wait();
  await Promise.all([
    killed.kill(),
    expect(ended).rejects.toThrow(),
    expect(failed).rejects.toBeInstanceOf(TimeoutError),
  ]);
  const reader = ofOther.body?.getReader();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("begun");
  await kept.sendStdin("still here");
  await kept.closeStdin();
  expect((await kept.wait()).stdout).toBe("still here");
  await reader?.cancel();
});

test("without public traffic a port asks for its token, also before a sandbox that sleeps is woken", async () => {
  const quiet = await fixture.create({
    network: { allowPublicTraffic: false },
    lifecycle: { onTimeout: "pause", autoResume: true },
  });
  await startServer(quiet);
  await quiet.pause();
  const statusOf = async (headers: Record<string, string>) =>
    (await askPort(fixture.gateway, quiet, 3000, "/", { headers })).status;
  expect(await statusOf({})).toBe(403);
  expect(await statusOf({ "e2b-traffic-access-token": "wrong" })).toBe(403);
  expect((await askPort(fixture.gateway, quiet, 49_983, "/health")).status).toBe(502);
  expect((await quiet.getInfo()).state).toBe("paused");
  expect(await statusOf({ "e2b-traffic-access-token": quiet.trafficAccessToken ?? "" })).toBe(200);
  expect((await quiet.getInfo()).state).toBe("running");
  await quiet.kill();
});

test("without public traffic no port of this host leads to it without the token, for another user either", async () => {
  const quiet = await fixture.create({ network: { allowPublicTraffic: false } });
  await startServer(quiet);
  const headers = { "e2b-traffic-access-token": quiet.trafficAccessToken ?? "" };
  expect((await askPort(fixture.gateway, quiet, 3000, "/", { headers })).status).toBe(200);
  const ports = ownListeners();
  expect(ports.length).toBeGreaterThan(1);
  const script = `
    const path = "/teapot";
    for (const port of ${JSON.stringify(ports)}) {
      const response = await fetch("http://127.0.0.1:" + port + path, { signal: AbortSignal.timeout(20000) }).catch(() => undefined);
      console.log(port, response?.status, response?.headers.get("x-path"));
    }`;
  const node = [process.execPath, "--input-type=module", "-e", script];
  const other = await promisify(execFile)("setpriv", ["--reuid", "65534", "--clear-groups", ...node], { env: {} });
  expect(other.stdout.trim().split("\n")).toHaveLength(ports.length);
  expect(other.stdout).not.toContain("418");
  await quiet.kill();
});

test("a host that a server is to see takes the place of the one that was asked for", async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: E2B's own placeholder
  const masked = await fixture.create({ network: { maskRequestHost: "localhost:${PORT}" } });
  await startServer(masked);
  const headers = await (await askPort(fixture.gateway, masked, 3000, "/headers")).json();
  expect(headers).toEqual(expect.arrayContaining(["Host", "localhost:3000"]));
  await masked.kill();
});
