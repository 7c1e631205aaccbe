import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect, createServer as createNetServer, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { type EgressEvent, type EgressPolicy, Secret } from "@glovebox/core/provider";
import { afterEach, describe, expect, it } from "vitest";
import { createGateway, type GatewayLimits } from "../src/index.ts";

const key = "sk-ant-api03-the-real-one";
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(server: Server): Promise<string> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function upstream(handler: Handler): Promise<string> {
  const server = createServer(handler);
  cleanups.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return listen(server);
}

interface Setup {
  readonly upstream: string;
  readonly credential?: { header: string; scheme?: string };
  readonly limits?: GatewayLimits;
  readonly mode?: EgressPolicy["mode"];
  readonly env?: Record<string, string>;
}

/** The gateway behind a loopback listener, which stands for the byte streams that come out of a sandbox. */
async function gateway(setup: Setup) {
  const events: EgressEvent[] = [];
  let traffic = 0;
  const gateway = createGateway({
    policy: {
      mode: setup.mode ?? "sealed",
      models: [
        {
          id: "anthropic",
          upstream: setup.upstream,
          paths: [
            { method: "POST", path: "/v1/messages" },
            { method: "HEAD", path: "/" },
          ],
          credential: { ...(setup.credential ?? { header: "x-api-key" }), secret: new Secret("KEY", key) },
        },
      ],
    },
    observer: {
      onRequest: (event) => events.push(event),
      onTraffic: () => {
        traffic += 1;
      },
    },
    ...(setup.limits ? { limits: setup.limits } : {}),
    env: setup.env ?? {},
  });
  const server = createNetServer((socket) => gateway.handle(socket));
  const origin = await listen(server);
  cleanups.push(
    () => server.close(),
    () => gateway.close(),
  );
  return { gateway, origin, events, traffic: () => traffic, url: gateway.modelUrls(origin).anthropic ?? "" };
}

/** Sends bytes as they are and gives what comes back until the connection ends. */
async function raw(origin: string, bytes: string): Promise<string> {
  const socket: Socket = connect(Number(new URL(origin).port), "127.0.0.1");
  socket.on("error", () => {});
  socket.write(bytes);
  return text(socket);
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("the condition did not come true");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe("what passes", () => {
  it("tells a client not to try again with a credential that it cannot change", async () => {
    const api = await upstream((_, response) => response.writeHead(401).end("{}"));
    const { url } = await gateway({ upstream: api });
    const response = await fetch(`${url}/v1/messages`, { method: "POST", body: "{}" });
    expect(response.status).toBe(401);
    expect(response.headers.get("x-should-retry")).toBe("false");
  });

  it("strips every credential from inside and adds the route's own", async () => {
    const seen: IncomingMessage["headers"][] = [];
    const api = await upstream((request, response) => {
      seen.push(request.headers);
      response.setHeader("set-cookie", "session=1");
      response.setHeader("x-echo", `you sent ${request.headers["x-api-key"]}`);
      response.end("{}");
    });
    const { url, events } = await gateway({ upstream: api });
    const response = await fetch(`${url}/v1/messages?beta=true`, {
      method: "POST",
      body: "{}",
      headers: {
        "x-api-key": "placeholder",
        authorization: "Bearer placeholder",
        cookie: "a=b",
        "proxy-authorization": "Basic x",
        "x-goog-api-key": "g",
        "x-auth-token": "t",
        "anthropic-version": "2023-06-01",
        "anthropic-dangerous-direct-browser-access": "true",
      },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("set-cookie")).toBeNull();
    expect(JSON.stringify([...response.headers])).not.toContain(key);
    expect(seen[0]).toMatchObject({ "x-api-key": key, "anthropic-version": "2023-06-01", host: new URL(api).host });
    expect(seen[0]).toHaveProperty("anthropic-dangerous-direct-browser-access");
    for (const name of ["authorization", "cookie", "proxy-authorization", "x-goog-api-key", "x-auth-token"]) {
      expect(seen[0]).not.toHaveProperty(name);
    }
    await until(() => events.length === 1);
    expect(events[0]).toMatchObject({
      routeId: "anthropic",
      method: "POST",
      path: "/v1/messages",
      decision: "allowed",
    });
    expect(events[0]).toMatchObject({ status: 200, requestBytes: 2, responseBytes: 2 });
    expect(JSON.stringify(events)).not.toContain(key);
  });

  it("sends a bearer token with its scheme, keeps the upstream's base path and the query", async () => {
    const seen: string[] = [];
    const api = await upstream((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.end();
    });
    const { url } = await gateway({
      upstream: `${api}/corp/anthropic`,
      credential: { header: "authorization", scheme: "Bearer" },
    });
    await fetch(`${url}/v1/messages?beta=true&x=%2e`, { method: "POST", body: "{}" });
    await fetch(url, { method: "HEAD" });
    expect(seen).toEqual([
      `POST /corp/anthropic/v1/messages?beta=true&x=%2e Bearer ${key}`,
      `HEAD /corp/anthropic/ Bearer ${key}`,
    ]);
  });

  it("streams both ways chunk by chunk", async () => {
    // Each side sends its next piece only after it has seen the other's: buffering anywhere would stand still.
    const api = await upstream((request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      request.on("data", (chunk: Buffer) => response.write(`data: got ${chunk}\n\n`));
      request.on("end", () => response.end("data: end\n\n"));
    });
    const { url, traffic } = await gateway({ upstream: api });
    const body = new TransformStream<Uint8Array, Uint8Array>();
    const writer = body.writable.getWriter();
    const init = { method: "POST", body: body.readable, duplex: "half" } as RequestInit;
    const answer = fetch(`${url}/v1/messages`, init);
    const send = (piece: string) => writer.write(new TextEncoder().encode(piece));
    await send("one");
    const reader = (await answer).body?.pipeThrough(new TextDecoderStream()).getReader();
    for (const piece of ["one", "two", "three"]) {
      if (piece !== "one") await send(piece);
      expect((await reader?.read())?.value).toBe(`data: got ${piece}\n\n`);
    }
    await writer.close();
    expect((await reader?.read())?.value).toBe("data: end\n\n");
    expect((await reader?.read())?.done).toBe(true);
    expect(traffic()).toBeGreaterThan(0);
  });

  it("passes status, headers and body of an error as they are, and masks an echo of the credential", async () => {
    const api = await upstream((request, response) => {
      response.writeHead(401, { "content-type": "application/json", "request-id": "r1", "x-should-retry": "false" });
      const sent = String(request.headers["x-api-key"]);
      response.write(`{"error":"bad key ${sent.slice(0, 9)}`);
      response.end(`${sent.slice(9)}"}`);
    });
    const { url } = await gateway({ upstream: api });
    const response = await fetch(`${url}/v1/messages`, { method: "POST", body: "{}" });
    expect(response.status).toBe(401);
    expect(response.headers.get("request-id")).toBe("r1");
    expect(await response.text()).toBe(`{"error":"bad key ${"*".repeat(key.length)}"}`);
  });

  it("does not send requests for a loopback upstream to the host's proxy", async () => {
    const api = await upstream((_request, response) => response.end("direct"));
    const env = { HTTP_PROXY: "http://127.0.0.1:1", HTTPS_PROXY: "http://127.0.0.1:1" };
    const { url } = await gateway({ upstream: api, env });
    expect(await (await fetch(`${url}/v1/messages`, { method: "POST", body: "{}" })).text()).toBe("direct");
  });

  it("goes through the host's proxy otherwise, and never shows the proxy's password", async () => {
    const seen: string[] = [];
    const server = createNetServer((socket) => {
      socket.once("data", (bytes) => {
        seen.push(bytes.toString().split("\r\n", 1)[0] ?? "");
        socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
      });
    });
    cleanups.push(() => server.close());
    const address = (await listen(server)).replace("http://", "http://user:hunter2@");
    const { url, events } = await gateway({ upstream: "https://api.invalid", env: { HTTPS_PROXY: address } });
    const response = await fetch(`${url}/v1/messages`, { method: "POST", body: "{}" });
    expect(response.status).toBe(502);
    expect(response.headers.get("x-should-retry")).toBe("false");
    const reason = "The proxy of HTTPS_PROXY refused its user and password (status 407)";
    expect(await response.text()).toContain(reason);
    expect(events).toMatchObject([{ decision: "failed", reason }]);
    expect(JSON.stringify(events)).not.toContain("hunter2");
    expect(seen).toEqual(["CONNECT api.invalid:443 HTTP/1.1"]);
  });
});

describe("a host's proxy that cannot be used", () => {
  it.each([
    [
      "socks5://user:hunter2@127.0.0.1:1",
      "HTTPS_PROXY names a SOCKS proxy (socks5), which Glovebox does not use",
      "false",
    ],
    [
      "http://user:hunter2@127.0.0.1:port",
      "HTTPS_PROXY is not the address of a proxy: its host cannot be read",
      "false",
    ],
    ["user:hunter2%@127.0.0.1:1", "The proxy of HTTPS_PROXY cannot be reached (ECONNREFUSED)", null],
  ])(
    "is reported for a request to the model, which is retried only where that can help: %s",
    async (address, reason, retry) => {
      const { url, events } = await gateway({ upstream: "https://api.invalid", env: { HTTPS_PROXY: address } });
      const response = await fetch(`${url}/v1/messages`, { method: "POST", body: "{}" });
      expect(response.headers.get("x-should-retry")).toBe(retry);
      expect(await response.text()).toContain(reason);
      expect(events).toMatchObject([{ decision: "failed", status: 502, reason }]);
      expect(JSON.stringify(events)).not.toContain("hunter2");
    },
  );
});

describe("what is refused", () => {
  const refused: [string, string, number][] = [
    ["another path", "POST /model/anthropic/v1/files HTTP/1.1", 403],
    ["another method", "DELETE /model/anthropic/v1/messages HTTP/1.1", 405],
    ["another route", "POST /model/openai/v1/messages HTTP/1.1", 403],
    ["no route", "POST /v1/messages HTTP/1.1", 403],
    ["a prefix of the name", "POST /model/anthropicx/v1/messages HTTP/1.1", 403],
    ["dots", "POST /model/anthropic/v1/../v1/messages HTTP/1.1", 403],
    ["encoded dots", "POST /model/anthropic/%2e%2e/v1/messages HTTP/1.1", 403],
    ["an encoded slash", "POST /model/anthropic/v1%2fmessages HTTP/1.1", 403],
    ["an encoded letter", "POST /model/anthropic/v1/message%73 HTTP/1.1", 403],
    ["double slashes", "POST /model/anthropic//v1/messages HTTP/1.1", 403],
    ["a backslash", "POST /model/anthropic\\v1/messages HTTP/1.1", 403],
    ["two hosts", "POST /model/anthropic/v1/messages HTTP/1.1\r\nHost: y", 400],
    ["an upgrade", "POST /model/anthropic/v1/messages HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: h2c", 403],
    ["two lengths", "POST /model/anthropic/v1/messages HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6", 400],
    [
      "a length and a transfer encoding",
      "POST /model/anthropic/v1/messages HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked",
      400,
    ],
    ["an unknown transfer encoding", "POST /model/anthropic/v1/messages HTTP/1.1\r\nTransfer-Encoding: xchunked", 400],
    ["a space before the colon", "POST /model/anthropic/v1/messages HTTP/1.1\r\nContent-Length : 5", 400],
    ["a header of 40 KiB", `POST /model/anthropic/v1/messages HTTP/1.1\r\nX: ${"x".repeat(40_000)}`, 400],
    ["a body past the limit", "POST /model/anthropic/v1/messages HTTP/1.1\r\nContent-Length: 99999999999", 413],
  ];
  it.each(refused)("%s", async (_name, head, status) => {
    let reached = 0;
    const api = await upstream((_request, response) => {
      reached += 1;
      response.end();
    });
    const { origin, events } = await gateway({ upstream: api });
    const answer = await raw(origin, `${head}\r\nHost: x\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/x-should-retry: false/i);
    const body = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));
    expect(body).toMatchObject({ type: "error", error: { message: expect.stringContaining("glovebox: ") } });
    expect(reached).toBe(0);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ decision: "denied", status });
  });

  it("a body that turns out to be past the limit", async () => {
    const api = await upstream((request, response) => request.resume().on("end", () => response.end()));
    const { url } = await gateway({ upstream: api, limits: { requestBytes: 10_000 } });
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(4096));
      },
    });
    const init = { method: "POST", body, duplex: "half" } as RequestInit;
    const status = await fetch(`${url}/v1/messages`, init).then(
      (response) => response.status,
      () => "cut",
    );
    expect([413, "cut"]).toContain(status);
  });

  it("everything, with the mode none", async () => {
    const { url, origin } = await gateway({ upstream: "http://127.0.0.1:1", mode: "none" });
    expect(url).toBe("");
    const response = await fetch(`${origin}/model/anthropic/v1/messages`, { method: "POST", body: "{}" });
    expect(response.status).toBe(403);
  });

  it("more requests at once than the limit", async () => {
    const pending: ServerResponse[] = [];
    const api = await upstream((_request, response) => pending.push(response));
    const { url } = await gateway({ upstream: api, limits: { concurrentRequests: 1 } });
    const first = fetch(`${url}/v1/messages`, { method: "POST", body: "{}" });
    await until(() => pending.length === 1);
    expect((await fetch(`${url}/v1/messages`, { method: "POST", body: "{}" })).status).toBe(429);
    pending[0]?.end("ok");
    expect(await (await first).text()).toBe("ok");
  });

  it("a route that cannot work", () => {
    const route = {
      id: "a",
      upstream: "https://u:p@host",
      paths: [],
      credential: { header: "x", secret: new Secret("K", "v") },
    };
    expect(() => createGateway({ policy: { mode: "sealed", models: [route] } })).toThrow(/not a plain http/);
    const badKey = {
      ...route,
      upstream: "https://host",
      credential: { header: "x", secret: new Secret("K", "top\nsecret") },
    };
    expect(() => createGateway({ policy: { mode: "sealed", models: [badKey] } })).toThrow(/^(?!.*top)/);
  });
});

describe("what breaks", () => {
  it("an upstream out of reach is a 502 that names the host", async () => {
    const { url, events } = await gateway({ upstream: "http://127.0.0.1:1" });
    const response = await fetch(`${url}/v1/messages`, { method: "POST", body: "{}" });
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining("127.0.0.1:1") } });
    expect(events[0]).toMatchObject({ decision: "failed", status: 502 });
  });

  it("an upstream that does not speak TLS is reported as such", async () => {
    const server = createNetServer((socket) => socket.end("plain text\r\n"));
    cleanups.push(() => server.close());
    const { url } = await gateway({ upstream: (await listen(server)).replace("http:", "https:") });
    const response = await fetch(`${url}/v1/messages`, { method: "POST", body: "{}" });
    expect(response.status).toBe(502);
    expect(response.headers.get("x-should-retry")).toBe("false");
    expect(await response.text()).toContain("TLS");
  });

  it("an answer that is cut outside is cut inside", async () => {
    const api = await upstream((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: half", () => response.destroy());
    });
    const { url, events } = await gateway({ upstream: api });
    const response = await fetch(`${url}/v1/messages`, { method: "POST", body: "{}" });
    await expect(response.text()).rejects.toThrow();
    await until(() => events.length === 1);
    expect(events[0]).toMatchObject({ decision: "failed", reason: "the upstream broke off its answer" });
  });

  it("a client that goes away ends the request outside", async () => {
    let ended = false;
    const api = await upstream((request, response) => {
      request.resume();
      response.writeHead(200).write("first");
      response.on("close", () => {
        ended = true;
      });
    });
    const { url, events } = await gateway({ upstream: api });
    const abort = new AbortController();
    const response = await fetch(`${url}/v1/messages`, { method: "POST", body: "{}", signal: abort.signal });
    abort.abort();
    await response.text().catch(() => undefined);
    await until(() => ended && events.length === 1);
    expect(events[0]?.reason).toBe("the sandbox closed the connection");
  });

  it("a connection without a request and an answer without progress end by themselves", async () => {
    const api = await upstream(() => undefined);
    const { origin } = await gateway({ upstream: api, limits: { headersTimeoutMs: 50 } });
    expect(await raw(origin, "POST /mod")).toBe("");
    const { url } = await gateway({ upstream: api, limits: { idleTimeoutMs: 50 } });
    expect((await fetch(`${url}/v1/messages`, { method: "POST", body: "{}" })).status).toBe(504);
  });

  it("closing ends what is in flight", async () => {
    const pending: ServerResponse[] = [];
    const api = await upstream((_request, response) => pending.push(response));
    const { url, gateway: running, origin } = await gateway({ upstream: api });
    const request = fetch(`${url}/v1/messages`, { method: "POST", body: "{}" }).then(
      () => "answered",
      () => "cut",
    );
    await until(() => pending.length === 1);
    await running.close();
    await running.close();
    expect(await request).toBe("cut");
    await until(() => pending[0]?.destroyed === true);
    expect(await raw(origin, "GET / HTTP/1.1\r\n\r\n")).toBe("");
  });
});
