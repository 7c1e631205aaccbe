import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { rawRequest, requestAs } from "../support/raw-request.ts";
import { bodyOf, pathOf, routes } from "../support/routes.ts";
import { server } from "../support/shared-server.ts";

let count = 0;
const admin = (): Record<string, string> => ({
  host: new URL(server.url).host,
  authorization: `Bearer ${server.admins[count++ % server.admins.length]}`,
  "content-type": "application/json",
});
/** A path parameter that leads elsewhere must not be answered as if it existed, and must not make the server fail. */
const refused = [400, 403, 404, 405, 409, 414, 415, 422, 424, 431, 501, 502, 503, 504];

const hostileValues = [
  "..",
  "../../../../etc/passwd",
  "..%2f..%2f..%2f..%2fetc%2fpasswd",
  "%2e%2e/%2e%2e/etc/passwd",
  "..%5c..%5cetc%5cpasswd",
  "%252e%252e%252fetc%252fpasswd",
  "/etc/passwd",
  "%2fetc%2fpasswd",
  "file:%2f%2f%2fetc%2fpasswd",
  "%00",
  "a%00.txt",
  "%0d%0aset-cookie:%20a=b",
  "%ff%fe",
  "%",
  "__proto__",
  "constructor",
  "1%27%20or%20%271%27=%271",
  "a".repeat(5_000),
];

describe.each(routes.filter(({ parameters }) => parameters.length > 0))("$name", (route) => {
  it.each(route.parameters)(
    "answers a hostile %s with an error of its own, and with no file of the host",
    async (parameter) => {
      for (const value of hostileValues) {
        const path = pathOf(route, server, { [parameter]: value });
        const { status, head, body } = await requestAs(server.port, {
          method: route.method,
          path,
          headers: admin(),
          body: bodyOf(route),
        });
        // A browser or a client resolves `..` itself: what is left may be another route that exists.
        if (!/(^|\/)\.\.?(\/|$)|%2e%2e\//.test(path))
          expect(refused, `${value.slice(0, 40)} → ${status}`).toContain(status);
        expect(status).not.toBe(500);
        expect(body).not.toContain("root:");
        expect(head).not.toMatch(/\nset-cookie: a=b/);
      }
    },
  );
});

describe("a body", () => {
  const hostileBodies = [
    '{"__proto__":{"role":"admin","isAdmin":true,"prompt":"x"}}',
    '{"constructor":{"prototype":{"role":"admin"}}}',
    '{"prompt":"x","__proto__":{"polluted":1}}',
    '{"labels":{"__proto__":"x"},"env":{"constructor":"x"},"prompt":1}',
    "[".repeat(50_000),
    `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
    "null",
    "[]",
    '"text"',
    "1e999",
    "",
    "{",
    '{"prompt":"\\ud800"',
    '{"prompt":"\\ud800"}',
    '{"prompt":"a\\u0000b","name":"\\u0000","text":"\\u0000"}',
    '{"prompt":"a\\u0000b"}',
    '{"name":"a\\u0000b"}',
    '{"name":"a\\u0000b","role":"viewer"}',
    '{"prompts":["a\\u0000b"]}',
    '{"prompt":"a","labels":{"a\\u0000":"b"}}',
  ];

  it("that is hostile is refused on every route that takes JSON, and changes no prototype", async () => {
    for (const route of routes.filter(({ takesJson }) => takesJson)) {
      for (const body of hostileBodies) {
        const { status } = await requestAs(server.port, {
          method: route.method,
          path: pathOf(route, server),
          headers: admin(),
          body,
        });
        expect(status, `${route.name} ${body.slice(0, 40)}`).not.toBe(500);
        expect(status, `${route.name} ${body.slice(0, 40)}`).not.toBe(0);
      }
    }
    const created = await requestAs(server.port, {
      method: "POST",
      path: "/v1/users",
      headers: { ...admin(), authorization: `Bearer ${server.tokens.viewer}` },
      body: '{"name":"mallory","role":"admin"}',
    });
    expect(created.status, "the prototype has a role").toBe(403);
    const { body } = await requestAs(server.port, { path: "/v1/me", headers: admin() });
    expect(body).not.toContain("polluted");
  });

  it("that is not JSON by its type is refused: a form of another site sends no JSON", async () => {
    const { status } = await requestAs(server.port, {
      method: "POST",
      path: "/v1/runs",
      headers: { ...admin(), "content-type": "text/plain" },
      body: '{"prompt":"x"}',
    });
    expect(status).toBe(415);
  });

  it("that is too large is refused, whether its size is said or not", async () => {
    const headers = { ...admin(), "content-length": String(64 * 1024 * 1024) };
    expect((await requestAs(server.port, { method: "POST", path: "/v1/runs", headers, body: "{" })).status).toBe(413);
    const chunk = `${(1 << 20).toString(16)}\r\n${"x".repeat(1 << 20)}\r\n`;
    const head = `POST /v1/runs HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${server.tokens.admin}\r\n`;
    const rest = "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    expect(await rawRequest(server.port, head + rest + chunk.repeat(8))).toMatch(/^HTTP\/1\.1 413/);
  });
});

describe("the protocol", () => {
  it("refuses headers and lines that are too long", async () => {
    const long = await requestAs(server.port, {
      path: "/v1/me",
      headers: { ...admin(), "x-long": "a".repeat(70_000) },
    });
    expect(long.status).toBe(431);
    expect((await requestAs(server.port, { path: `/v1/${"a".repeat(70_000)}`, headers: admin() })).status).toBe(431);
  });

  it("refuses a request with two lengths or a length and chunks: a proxy could read it as two", async () => {
    const head = `POST /v1/runs HTTP/1.1\r\nhost: localhost\r\n`;
    const hidden = "GET /v1/me HTTP/1.1\r\nhost: localhost\r\n\r\n";
    expect(await rawRequest(server.port, `${head}content-length: 0\r\ncontent-length: 5\r\n\r\n${hidden}`)).toMatch(
      /^HTTP\/1\.1 400/,
    );
    const both = `${head}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`;
    expect(await rawRequest(server.port, both)).toMatch(/^HTTP\/1\.1 400/);
    const obscured = `${head}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`;
    expect(await rawRequest(server.port, obscured)).toMatch(/^HTTP\/1\.1 400/);
  });

  it("judges each request of one connection by its own key", async () => {
    const withKey = `GET /v1/me HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${server.tokens.admin}\r\n\r\n`;
    const without = "GET /v1/me HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    const answers = await rawRequest(server.port, withKey + without);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 401"]);
  });

  it("serves others while many clients send nothing or little", async () => {
    const sockets = Array.from({ length: 200 }, (_, at) => {
      const socket = connect(server.port, "127.0.0.1");
      socket.on("error", () => {});
      if (at % 2 === 0) socket.write("POST /v1/runs HTTP/1.1\r\nhost: localhost\r\nx: ");
      return socket;
    });
    try {
      expect((await requestAs(server.port, { path: "/v1/me", headers: admin() })).status).toBe(200);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });

  it("answers a method that a path does not have with 405 or a refusal, and TRACE with nothing of the request", async () => {
    for (const path of new Set(routes.map((route) => pathOf(route, server)))) {
      const { status, body } = await requestAs(server.port, { method: "TRACE", path, headers: admin() });
      expect([400, 404, 405, 501], path).toContain(status);
      expect(body).not.toContain(server.tokens.admin);
    }
  });
});
