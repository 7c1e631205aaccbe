import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningWorker, startWorker } from "./support/start-worker.ts";
import { WorkerClient } from "./support/worker-client.ts";

/** Says for each address whether anything answers there. That a connection is taken says nothing: a proxy may take it. */
const askAll = (addresses: readonly string[]) => `python3 - <<'END'
import socket
for address in ${JSON.stringify(addresses)}:
    host, port = address.rsplit(":", 1)
    try:
        with socket.create_connection((host, int(port)), 5) as connection:
            connection.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
            print(address, "answers" if connection.recv(1) else "says nothing")
    except OSError as error:
        print(address, "says nothing")
END`;

/** Echoes what comes over HTTP, with its headers, and over WebSockets. */
const echo = `node - <<'END'
const { createHash } = require("node:crypto");
const server = require("node:http").createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts).toString("base64");
    response.writeHead(request.url.startsWith("/moved") ? 302 : 203, { location: "/there", "x-own": "yes" });
    response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }));
  });
});
server.on("upgrade", (request, socket) => {
  const key = request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const accept = createHash("sha1").update(key).digest("base64");
  socket.write("HTTP/1.1 101 x\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: " + accept + "\\r\\n\\r\\n");
  const text = Buffer.from("hello " + (request.headers.authorization ?? "nobody"));
  socket.write(Buffer.concat([Buffer.from([0x81, text.length]), text]));
});
server.listen(8123);
END`;

let worker: RunningWorker;
let client: WorkerClient;
let id: string;
beforeAll(async () => {
  worker = await startWorker();
  client = new WorkerClient(worker);
  ({ id } = await client.create());
});
afterAll(() => worker?.[Symbol.asyncDispose]());

describe("a container", () => {
  it("reaches no address, no name, no other container and not its host", async () => {
    const server = createServer((_request, response) => response.end("here")).listen(0, "0.0.0.0");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { id: neighbour } = await client.create();
    try {
      const own = (await client.run(neighbour, "hostname -i")).trim();
      const addresses = [
        ...["1.1.1.1:443", "8.8.8.8:53", "example.com:443", "api.anthropic.com:443", "169.254.169.254:80"],
        ...["172.17.0.1:22", `172.17.0.1:${port}`, `host.docker.internal:${port}`, `${own}:47820`, `${own}:39001`],
      ];
      expect(await client.run(id, askAll(addresses))).toBe(addresses.map((one) => `${one} says nothing\n`).join(""));
    } finally {
      server.close();
      await client.destroy(neighbour);
    }
  });

  it("reaches nothing as root inside either, which can become any user", async () => {
    const server = createServer((_request, response) => response.end("here")).listen(0, "0.0.0.0");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { id: rooted } = await client.create({ rootInside: true });
    try {
      const connects = `${askAll([`172.17.0.1:${port}`, `host.docker.internal:${port}`, "1.1.1.1:443"])}`;
      await client.run(rooted, `cat > ask.sh <<'ASK'\n${connects}\nASK`);
      const requested = await client.run(
        rooted,
        "sudo -n sh ask.sh; sudo -n setpriv --reuid 39001 --regid 39001 --clear-groups sh ask.sh",
      );
      expect(requested.split("\n").filter((line) => line !== "" && !line.endsWith("says nothing"))).toEqual([]);
      expect(requested.match(/says nothing/g)).toHaveLength(6);
      const raw = "python3 -c 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)' 2>&1 | tail -n 1";
      expect(await client.run(rooted, `sudo -n ${raw}`)).toContain("PermissionError");
    } finally {
      server.close();
      await client.destroy(rooted);
    }
  });

  it("contains no key of the Worker, neither in a process nor in a request", async () => {
    const connection = await client.connect(id);
    await connection.close();
    const token = /"token":"([^"]+)"/.exec(await environments(worker))?.[1] ?? "";
    expect(token.length).toBeGreaterThan(30);
    const everything = await client.run(
      id,
      "cat /proc/*/environ /proc/*/cmdline 2>/dev/null; env; cat /workspace/* 2>/dev/null",
    );
    expect(everything).not.toContain(worker.apiKey);
    expect(everything).not.toContain(token);
  });

  it("refuses connections to the supervisor without the token, also from inside", async () => {
    const script = `curl -sS -o /dev/null -w '%{http_code}\\n' -H 'Connection: Upgrade' -H 'Upgrade: websocket' \\
      -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' http://127.0.0.1:47820/`;
    expect(await client.run(id, script)).toBe("401\n");
  });
});

describe("a port inside", () => {
  const at = (path: string) => `/v1/sandboxes/${id}/ports/8123${path}`;
  beforeAll(async () => {
    const connection = await client.connect(id);
    await connection.spawn(["/bin/sh", "-c", echo], { output: "detached" });
    await connection.close();
    for (const deadline = Date.now() + 30_000; (await worker.fetch(at("/"))).status !== 203; ) {
      if (Date.now() > deadline) throw new Error("nothing listens after 30 seconds");
    }
  });

  it("gets the method, query, headers and body, but not the Worker's key", async () => {
    const body = new Uint8Array([0, 255, 10, 13]);
    const answer = await worker.fetch(at("/a%20b/?q=1&q=2"), {
      method: "PATCH",
      body,
      headers: { "x-mine": "1", cookie: "c=1" },
    });
    expect([answer.status, answer.headers.get("x-own")]).toEqual([203, "yes"]);
    const seen = (await answer.json()) as { url: string; method: string; headers: object; body: string };
    expect(seen).toMatchObject({
      method: "PATCH",
      url: "/a%20b/?q=1&q=2",
      headers: { "x-mine": "1" },
      body: "AP8KDQ==",
    });
    expect(seen.headers).not.toHaveProperty("authorization");
    expect(seen.headers).not.toHaveProperty("cookie");
  });

  it("returns redirects unchanged", async () => {
    const answer = await worker.fetch(at("/moved"), { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/there"]);
  });

  it("accepts WebSockets", async () => {
    const headers = { authorization: `Bearer ${worker.apiKey}` };
    const socket = new WebSocket(`${worker.url.replace("http", "ws")}${at("/socket")}`, { headers });
    const said = await new Promise((resolve, reject) => {
      socket.onmessage = ({ data }) => resolve(data);
      socket.onerror = () => reject(new Error("the WebSocket broke"));
    });
    socket.close();
    expect(said).toBe("hello nobody");
  });

  it.each([
    ["nothing listens on it", "8124", 502],
    ["it is the supervisor's", "47820", 400],
    ["it is the egress port", "47821", 400],
    ["it is 0", "0", 400],
    ["it is not a number", "x", 400],
    ["it is not an integer", "8123.5", 400],
    ["it is above 65535", "65536", 400],
  ])("is rejected if %s", async (_what, port, status) => {
    expect((await client.call("GET", `/v1/sandboxes/${id}/ports/${port}/`)).status).toBe(status);
  });

  it("requires the key", async () => {
    expect((await fetch(new URL(at("/"), worker.url))).status).toBe(401);
  });
});

/** What the Worker's containers were started with. */
async function environments({ engine, name }: RunningWorker): Promise<string> {
  const found = await engine.listContainers({ filters: { name: [`-${name}-SandboxObject-`] } });
  const inspected = await Promise.all(found.map(({ Id }) => engine.getContainer(Id).inspect()));
  return inspected.flatMap(({ Config }) => Config.Env).join("\n");
}
