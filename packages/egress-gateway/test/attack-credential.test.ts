import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { createServer } from "node:net";
import {
  type CredentialRule,
  type EgressPolicy,
  InvalidOptionsError,
  type PathRule,
  Secret,
} from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { createGateway } from "../src/index.ts";
import { listen, loopback, raw, startGateway } from "./gateway-fixture.ts";

const secret = "the-secret-of-the-host";
const rule = (port: number, more: Partial<CredentialRule> = {}): CredentialRule => ({
  host: "git.test",
  port,
  tls: false,
  header: "authorization",
  scheme: "Bearer",
  secret: new Secret("TOKEN", secret),
  source: "test",
  ...more,
});

/** What a client inside sees, byte by byte, of a host that answers with these bytes. */
async function answered(bytes: string, ...headers: string[]): Promise<string> {
  const host = await listen(
    createServer((socket) => void socket.once("data", () => socket.end(bytes.replaceAll("SECRET", secret)))),
  );
  const { port } = await startGateway({ credentials: [rule(host)], allow: [loopback(host)] });
  const own = [`GET http://git.test:${host}/ HTTP/1.1`, `Host: git.test:${host}`, ...headers];
  return raw(port, [...own, "Connection: close", "", ""].join("\r\n"));
}

describe("a host that repeats its credential", () => {
  const echoes = [
    ["in the status line", "HTTP/1.1 200 SECRET\r\nContent-Length: 0\r\n\r\n"],
    ["in a header", "HTTP/1.1 302 Found\r\nLocation: http://evil.test/?SECRET\r\nContent-Length: 0\r\n\r\n"],
    ["in a header that names it", "HTTP/1.1 200 OK\r\nX-SECRET: 1\r\nContent-Length: 0\r\n\r\n"],
    ["in a cookie", "HTTP/1.1 200 OK\r\nSet-Cookie: a=SECRET\r\nContent-Length: 0\r\n\r\n"],
    [
      "before its answer",
      "HTTP/1.1 103 Early Hints\r\nLink: <SECRET>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    ],
    [
      "after its answer",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n0\r\nX-T: SECRET\r\n\r\n",
    ],
    ["in a chunk's extension", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=SECRET\r\na\r\n0\r\n\r\n"],
    ["in chunks of a byte", `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks(secret)}0\r\n\r\n`],
    ["past the length of its answer", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naSECRET"],
    ["in an answer without a length", "HTTP/1.0 200 OK\r\n\r\nSECRET"],
  ];
  it.each(echoes)("%s: nothing of it comes inside", async (_, bytes = "") => {
    const seen = await answered(bytes);
    expect(seen).toMatch(/^HTTP\/1.1 (200|302|502) /);
    expect(seen.toLowerCase()).not.toContain(secret);
  });

  it("in what a WebSocket's opening is answered with", async () => {
    const upgrade = ["Connection: upgrade", "Upgrade: websocket"];
    expect(await answered("HTTP/1.1 403 SECRET\r\nContent-Length: 22\r\n\r\nSECRET", ...upgrade)).not.toContain(secret);
  });
});

function chunks(text: string): string {
  return [...text].map((letter) => `1\r\n${letter}\r\n`).join("");
}

describe("a request that its host would read as another", () => {
  const paths: readonly PathRule[] = [{ method: "POST", path: "/packages/*" }];

  async function strictHost() {
    const received: IncomingMessage[] = [];
    const host = await listen(
      createHttpServer((request, response) => {
        received.push(request);
        response.end();
      }),
    );
    const { port } = await startGateway({ credentials: [rule(host, { paths })], allow: [loopback(host)] });
    const ask = (path: string, ...headers: string[]): Promise<string> => {
      const own = [`POST http://git.test:${host}${path} HTTP/1.1`, `Host: git.test:${host}`, ...headers];
      return raw(port, [...own, "Connection: close", "", ""].join("\r\n"));
    };
    return { ask, received };
  }

  it.each([
    "X-HTTP-Method-Override: DELETE",
    "X-HTTP-Method: DELETE",
    "X_Http_Method_Override: DELETE",
    "X-Original-URL: /admin",
    "X-Rewrite-URL: /admin",
    "X-Forwarded-Host: evil.test",
    "X-Forwarded-Prefix: /admin",
    "Forwarded: host=evil.test",
    "Transfer_Encoding: chunked",
    "Connection: x, authorization",
  ])("%s does not reach it", async (header) => {
    const { ask, received } = await strictHost();
    expect(await ask("/packages/x", "Content-Length: 0", header)).toMatch(/^HTTP\/1.1 200 /);
    const { authorization, ...headers } = received[0]?.headers ?? {};
    expect(authorization).toBe(`Bearer ${secret}`);
    const more = Object.keys(headers).filter(
      (name) => !["host", "connection", "content-length", "accept-encoding"].includes(name),
    );
    expect(more).toEqual([]);
  });

  it.each([
    "/packages/../admin",
    "/packages/..;/admin",
    "/packages/..%3b/admin",
    "/packages/%2e%2e%3B/admin",
    "/packages/..%2fadmin",
    "/packages/.%2e/admin",
    "/packages/%252e%252e/admin",
    "/packages/..%5cadmin",
    "/packages/..%00/admin",
    "/packages/%",
    "//packages/x",
    "/Packages/x",
    "/packages",
  ])("%s is refused", async (path) => {
    const { ask, received } = await strictHost();
    expect(await ask(path)).toMatch(/^HTTP\/1.1 403 /);
    expect(received).toEqual([]);
  });
});

it.each([
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "transfer_encoding",
  "upgrade",
  "expect",
  "te",
  "trailer",
  "accept-encoding",
  "proxy-authorization",
  "Private-Token",
  "two words",
  "a\r\nb",
])("the header %j carries no credential, of a host or a model", (header) => {
  const credential = { header, secret: new Secret("TOKEN", secret) };
  const make = (policy: Partial<EgressPolicy>) => () =>
    createGateway({ policy: { mode: "sealed", models: [], ...policy } });
  expect(make({ credentials: [rule(443, { header })] })).toThrow(InvalidOptionsError);
  expect(make({ models: [{ id: "m", upstream: "https://m.test", paths: [], credential }] })).toThrow(
    InvalidOptionsError,
  );
});
