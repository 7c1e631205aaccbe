import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { SandboxError, type SandboxProvider } from "@glovebox/core/provider";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createCloudflareProvider } from "./cloudflare-provider.ts";

const apiKey = "a-key-that-nobody-may-see";

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A server with the given responses, which counts requests. */
async function startServer(answer: Answer): Promise<{ provider: SandboxProvider; url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    request.resume();
    answer(request, response, seen.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { provider: createCloudflareProvider({ url, apiKey, requestTimeoutMs: 1000 }), url, seen };
}

function html(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "text/html; charset=UTF-8", ...headers }).end(body);
  };
}

function json(status: number, body: unknown): Answer {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
}

async function failureOf(call: Promise<unknown>): Promise<SandboxError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!SandboxError.isInstance(error)) throw new Error(`Not a SandboxError: ${inspect(error)}`);
  expect(inspect(error, { depth: 10 })).not.toContain(apiKey);
  expect(error.message).toMatch(/^[^\n]{1,1000}$/);
  expect(error.providerId).toBe("cloudflare");
  return error;
}

const id = "0123456789abcdef0123456789abcdef";

describe("a response in place of the Worker's", () => {
  const page = (code: number): string =>
    `<!DOCTYPE html><title>Error</title><h1><span data-translate="error">Error</span>
     <span class="cf-error-code">${code}</span></h1>`;
  const cases: readonly (readonly [string, Answer, Partial<SandboxError>])[] = [
    [
      "a Worker that threw an error",
      html(500, page(1101)),
      { code: "unavailable", hint: expect.stringContaining("wrangler tail") },
    ],
    [
      "Cloudflare's plain text",
      html(530, "error code: 1016"),
      { code: "unavailable", hint: expect.stringContaining("domain") },
    ],
    ["an origin that is too slow", html(522, page(522)), { code: "unavailable", retryable: true }],
    ["the free plan's daily limit", html(429, "error code: 1027"), { code: "quota", retryable: false }],
    ["a rate limit", html(429, "slow down", { "retry-after": "17" }), { code: "rate-limited", retryAfterMs: 17_000 }],
    ["a firewall", html(403, page(1020)), { code: "authentication", retryable: false }],
    ["a rejected key", json(401, { error: { code: "authentication", message: "No." } }), { code: "authentication" }],
    [
      "a redirect to a login page",
      html(302, "", { location: "https://team.cloudflareaccess.test/login" }),
      { code: "authentication", hint: expect.stringContaining("Access") },
    ],
    ["another site", html(200, "<h1>Welcome</h1>"), { code: "unavailable", retryable: false }],
    ["another site's 404", html(404, "<h1>Not found</h1>"), { code: "unavailable", retryable: false }],
    ["an incomplete response", json(200, { sandbox: { id } }), { code: "unavailable", retryable: false }],
    [
      "the Worker's own error",
      json(503, { error: { code: "quota", message: "Too many\ncontainers.", hint: "Fewer." } }),
      { code: "quota", hint: "Fewer." },
    ],
    ["a request body that is too large", html(413, "too large"), { code: "invalid-options" }],
  ];
  it.each(cases)("is mapped to an error: %s", async (_name, answer, expected) => {
    const { provider } = await startServer(answer);
    expect(await failureOf(provider.connect(id))).toMatchObject(expected);
    const { ready, findings } = await provider.preflight();
    expect([ready, findings.filter(({ status }) => status === "problem").length]).toEqual([false, 1]);
    expect(inspect(findings)).not.toContain(apiKey);
  });

  it("is not reported as not-found if it is missing", async () => {
    const { provider } = await startServer((request) => request.socket.destroy());
    expect(await failureOf(provider.connect(id))).toMatchObject({ code: "lost" });
    expect(await failureOf(provider.destroy(id))).toMatchObject({ code: "lost" });
    const listing = provider.list({ labels: {} })[Symbol.asyncIterator]().next();
    expect(await failureOf(listing)).toMatchObject({ code: "lost" });
  });

  it("of another protocol version is unavailable", async () => {
    const { provider } = await startServer(json(200, { protocol: 2, other: "things" }));
    const error = await failureOf(provider.prepare({ base: { kind: "default" }, layers: [] }));
    expect(error).toMatchObject({ code: "unavailable", retryable: false, hint: expect.stringContaining("Update") });
    expect(error.message).toContain("version 2");
  });

  it("of a name that does not resolve is unavailable", async () => {
    const provider = createCloudflareProvider({ url: "https://no-such-worker.invalid", apiKey });
    expect(await failureOf(provider.connect(id))).toMatchObject({ code: "unavailable", retryable: true });
  });

  it("that never arrives is a timeout", async () => {
    const { provider, seen } = await startServer(() => {});
    expect(await failureOf(provider.connect(id))).toMatchObject({ code: "timeout" });
    expect(seen).toHaveLength(1);
  });
});

describe("a retry", () => {
  it("is made if the call is safe to repeat", async () => {
    const { provider, seen } = await startServer((request, response, count) => {
      if (count === 1) request.socket.destroy();
      else if (count === 2) response.writeHead(502).end("bad gateway");
      else response.writeHead(204).end();
    });
    await provider.destroy(id);
    expect(seen).toEqual(Array.from({ length: 3 }, () => `DELETE /v1/sandboxes/${id}`));
  });

  it("is not made after a long wait or for a permanent failure", async () => {
    const long = await startServer(html(429, "", { "retry-after": "3600" }));
    expect(await failureOf(long.provider.destroy(id))).toMatchObject({ code: "rate-limited", retryAfterMs: 3_600_000 });
    const refused = await startServer(json(401, {}));
    await failureOf(refused.provider.destroy(id));
    expect([long.seen.length, refused.seen.length]).toEqual([1, 1]);
  });

  it("ends with the caller's signal", async () => {
    const { provider } = await startServer(html(503, ""));
    const signal = AbortSignal.timeout(300);
    expect(await failureOf(provider.destroy(id, { signal }))).toMatchObject({ code: "aborted" });
  });
});

describe("the settings", () => {
  it("may omit the Worker's URL until it is used", async () => {
    vi.stubEnv("GLOVEBOX_CLOUDFLARE_URL", "");
    const provider = createCloudflareProvider({ apiKey });
    const hint = expect.stringContaining("GLOVEBOX_CLOUDFLARE_URL");
    expect(await failureOf(provider.connect(id))).toMatchObject({ code: "invalid-options", hint });
    const { ready, findings } = await provider.preflight();
    expect([ready, findings]).toEqual([false, [expect.objectContaining({ status: "problem", hint })]]);
    vi.unstubAllEnvs();
  });

  it.each([
    [{ url: "ftp://example.com", apiKey }, "https"],
    [{ url: "http://worker.example.com", apiKey }, "https"],
    [{ url: "nowhere", apiKey }, "URL"],
    [{ url: "https://user:password@example.com", apiKey }, "credentials"],
    [{ url: "https://example.com", apiKey: "two words" }, "characters"],
    [{ url: "https://example.com", apiKey, key: 1 }, "key"],
  ])("%j are rejected", (settings, word) => {
    expect(() => createCloudflareProvider(settings)).toThrow(word);
    expect(() => createCloudflareProvider(settings)).not.toThrow(apiKey);
  });
});
