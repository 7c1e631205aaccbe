import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";
import type { SandboxEndpoint } from "@glovebox/core/provider";
import { SandboxNotFoundError } from "@glovebox/core/provider";
import { afterEach, describe, expect, it } from "vitest";
import { PortForward } from "./port-forward.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A program that tells what it was sent, behind an endpoint, behind a forward. */
async function forward(): Promise<URL> {
  const app: Server = createServer((incoming, response) => {
    let body = "";
    incoming.on("data", (piece) => {
      body += piece;
    });
    const { method, url, headers } = incoming;
    incoming.on("end", () =>
      response.end(JSON.stringify({ method, url, cookie: headers.cookie, host: headers.host, body })),
    );
  });
  app.on("upgrade", (incoming, socket, head) => {
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\n${incoming.url} `);
    socket.write(head);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => app.close());
  const { port } = app.address() as AddressInfo;
  return await open({ connect: async () => connect(port, "127.0.0.1") });
}

async function open(endpoint: Pick<SandboxEndpoint, "connect">): Promise<URL> {
  const opened = await PortForward.listen({ ...endpoint, close: async () => {} } as unknown as SandboxEndpoint, 3000);
  cleanups.push(() => opened[Symbol.asyncDispose]());
  return new URL(opened.url);
}

describe("a forwarded port", () => {
  it("serves a program that uses the printed address, and hides the token from what is inside", async () => {
    const url = await forward();
    url.pathname = "/a";
    url.searchParams.append("b", "c");
    const reply = await fetch(url, { method: "POST", body: "text", headers: { cookie: "own=1" } });
    const { method, url: seen, cookie, host, body } = (await reply.json()) as Record<string, string>;
    expect({ method, seen, cookie, host, body }).toEqual({
      method: "POST",
      seen: "/a?b=c",
      cookie: "own=1",
      host: url.host,
      body: "text",
    });
  });

  it("gives a browser a cookie that opens every page, and that does not go inside", async () => {
    const url = await forward();
    const first = await fetch(url, { redirect: "manual", headers: { "sec-fetch-dest": "document" } });
    expect(first.status).toBe(302);
    expect(first.headers.get("location")).toBe("/");
    const [set] = first.headers.getSetCookie();
    expect(set).toContain("HttpOnly; SameSite=Lax");
    const cookie = `a=1; ${set?.split(";", 1)[0]}`;
    const next = await fetch(new URL("/page?x=1", url.origin), { headers: { cookie } });
    expect(await next.json()).toMatchObject({ url: "/page?x=1", cookie: "a=1" });
  });

  it.each([{}, { cookie: "glovebox-1=x" }, { authorization: "Bearer x" }])(
    "refuses a request with %j",
    async (headers) => {
      const url = await forward();
      const reply = await fetch(url.origin, { headers: headers as Record<string, string> });
      expect(reply.status).toBe(403);
      expect((await fetch(`${url.origin}/?glovebox=wrong`)).status).toBe(403);
    },
  );

  it("carries WebSockets, and refuses one without the token", async () => {
    const url = await forward();
    const upgrade = async (path: string) => {
      const socket = connect(Number(url.port), "127.0.0.1");
      socket.write(`GET ${path} HTTP/1.1\r\nhost: ${url.host}\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\nhello`);
      let text = "";
      for await (const piece of socket) {
        text += piece;
        if (text.endsWith("hello") || text.includes("403")) break;
      }
      return text;
    };
    expect(await upgrade(`/ws${url.search}`)).toMatch(/^HTTP\/1.1 101 [\s\S]*\/ws hello$/);
    expect(await upgrade("/ws")).toMatch(/^HTTP\/1.1 403 /);
  });

  it("says that nothing listens yet, and has a browser try again", async () => {
    const url = await open({ connect: () => Promise.reject(new SandboxNotFoundError("no")) });
    const reply = await fetch(url);
    expect({ status: reply.status, refresh: reply.headers.get("refresh") }).toEqual({ status: 503, refresh: "2" });
    expect(await reply.text()).toBe("Nothing listens on port 3000 of the sandbox yet.\n");
  });

  it.each([
    "HTTP/1.1 042 Low\r\ncontent-length: 0\r\n\r\n",
    "HTTP/1.1 000 None\r\ncontent-length: 0\r\n\r\n",
    "HTTP/1.1 200 a\u0001b\u001b[2J\r\ncontent-length: 0\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 0\r\ncontent-length: 5\r\n\r\n",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\nzz\r\n",
    "HTTP/1.1 200 OK\r\nx: a\u0001b\r\ncontent-length: 0\r\n\r\n",
    "SSH-2.0-OpenSSH\r\n",
  ])("outlives a program that answers %j", async (reply) => {
    const raw = createTcpServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(reply));
    });
    await new Promise<void>((resolve) => raw.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => raw.close());
    const url = await open({ connect: async () => connect((raw.address() as AddressInfo).port, "127.0.0.1") });
    const answered = await fetch(url).then(
      ({ status }) => status,
      () => "broken",
    );
    expect([200, 502, "broken"]).toContain(answered);
    expect((await fetch(url.origin)).status).toBe(403);
  });
});
