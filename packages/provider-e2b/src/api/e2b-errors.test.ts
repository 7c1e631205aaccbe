import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type SandboxError, SandboxError as SandboxErrorClass } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { createE2bProvider } from "../index.ts";

/** The provider's error for a response, through the real SDK. */
async function errorOf(answer: RequestListener): Promise<SandboxError> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    return await failureAt(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function failureAt(apiUrl: string): Promise<SandboxError> {
  const provider = createE2bProvider({ apiKey: "e2b_0", apiUrl, sandboxUrl: apiUrl, requestTimeoutMs: 1500 });
  const list = provider.list({ labels: {} })[Symbol.asyncIterator]();
  const error: unknown = await list.next().catch((thrown: unknown) => thrown);
  if (SandboxErrorClass.isInstance(error)) return error;
  throw new Error(`It did not throw a SandboxError: ${String(error)}`);
}

function answer(status: number, headers: Record<string, string> = {}): RequestListener {
  return (_, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ code: status, message: `the vendor's ${status}` }));
  };
}

describe("a failure of E2B", () => {
  it.each([
    [401, "authentication", false],
    [403, "authentication", false],
    [429, "rate-limited", true],
    [400, "invalid-options", false],
    [500, "unavailable", true],
    [502, "unavailable", true],
    [503, "unavailable", true],
    [507, "quota", false],
  ] as const)("with status %i is %s", async (status, code, retryable) => {
    const error = await errorOf(answer(status));
    expect(error).toMatchObject({ code, retryable, providerId: "e2b" });
    expect(error.message).not.toContain("\n");
    expect(error.hint).toBeTruthy();
  });

  it("with another site's page as response is unavailable", async () => {
    const page: RequestListener = (_, response) =>
      void response.writeHead(200, { "content-type": "text/html" }).end("<p>");
    expect(await errorOf(page)).toMatchObject({ code: "unavailable", retryable: true });
  });

  it("is retried after the time that the vendor asks for", async () => {
    let calls = 0;
    const server = createServer((request, response) => {
      calls += 1;
      if (calls === 1) answer(429, { "retry-after": "0" })(request, response);
      else response.writeHead(200, { "content-type": "application/json" }).end("[]");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const provider = createE2bProvider({ apiKey: "e2b_0", apiUrl: `http://127.0.0.1:${port}` });
    expect((await provider.preflight()).ready).toBe(true);
    expect(calls).toBe(2);
    server.closeAllConnections();
    server.close();
  });

  it("without a response is a timeout", async () => {
    expect(await errorOf(() => {})).toMatchObject({ code: "timeout", retryable: true });
  });

  it("of the connection has a hint: connection refused, unknown name", async () => {
    expect(await failureAt("http://127.0.0.1:4")).toMatchObject({
      code: "unavailable",
      mayHaveCreated: false,
      hint: expect.stringContaining("E2B_API_URL"),
    });
    expect(await failureAt("http://nowhere.test")).toMatchObject({
      code: "unavailable",
      hint: expect.stringContaining("HTTPS_PROXY"),
    });
  });
});
