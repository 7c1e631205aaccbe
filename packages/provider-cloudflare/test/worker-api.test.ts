import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningWorker, startWorker } from "./support/start-worker.ts";
import { WorkerClient } from "./support/worker-client.ts";

const errorOf = (body: unknown) => (body as { error: { code: string; message: string; hint?: string } }).error;

describe("a Worker", () => {
  let worker: RunningWorker;
  let client: WorkerClient;
  beforeAll(async () => {
    worker = await startWorker({ settings: { corsOrigins: ["https://studio.example.com"], maxTtlMs: 3_600_000 } });
    client = new WorkerClient(worker);
  });
  afterAll(() => worker?.[Symbol.asyncDispose]());

  it("returns its version and limits only with its key", async () => {
    const { status, body } = await client.call("GET", "/v1");
    expect(status).toBe(200);
    expect(body).toMatchObject({ protocol: 1, images: ["base", "bare"], maxTtlMs: 3_600_000 });
    expect(body).toMatchObject({ capabilities: { snapshot: true, wake: true, execute: false } });
    for (const authorization of ["", "Bearer ", "Bearer wrong", `Basic ${worker.apiKey}`, worker.apiKey]) {
      for (const path of ["/v1", "/v1/sandboxes", "/execute", "/nothing"]) {
        const answer = await fetch(new URL(path, worker.url), { headers: { authorization } });
        expect([answer.status, errorOf(await answer.json()).code], `${path} ${authorization}`).toEqual([
          401,
          "authentication",
        ]);
      }
    }
  });

  it("serves only the public pages without a key", async () => {
    expect(await (await fetch(worker.url)).json()).toMatchObject({ name: "Glovebox" });
    const answer = await fetch(new URL("/health", worker.url));
    expect(await answer.json()).toEqual({
      status: "healthy",
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      worker: "glovebox",
    });
  });

  const key = "a-key-of-this-test";
  const refused: readonly (readonly [string, unknown, number, string])[] = [
    ["invalid JSON", "no JSON", 400, "invalid-options"],
    ["a missing lease", { idempotencyKey: key }, 400, "ttlMs"],
    ["an unknown field", { idempotencyKey: key, ttlMs: 60_000, nope: 1 }, 400, "nope"],
    ["a lease that is too long", { idempotencyKey: key, ttlMs: 3_600_001 }, 400, "3600000"],
    ["a bad label", { idempotencyKey: key, ttlMs: 60_000, labels: { "A B": "" } }, 400, "labels"],
    ["an unknown instance type", { idempotencyKey: key, ttlMs: 60_000, instanceType: "huge" }, 400, "instanceType"],
    ["an endpoint of its own", { idempotencyKey: key, ttlMs: 60_000, supervisor: { endpoint: {} } }, 400, "endpoint"],
    ["root as the user", { idempotencyKey: key, ttlMs: 60_000, supervisor: { uid: 0 } }, 400, "uid"],
    ["an unknown image", { idempotencyKey: key, ttlMs: 60_000, image: "evil:latest" }, 422, "evil:latest"],
    ["a path as image", { idempotencyKey: key, ttlMs: 60_000, image: "cloudflare/../evil" }, 422, "no image"],
    [
      "an unknown snapshot",
      { idempotencyKey: key, ttlMs: 60_000, snapshot: "0c1f4cdc-44a3-4d5a-9bb5-6f4d2e1a7d11" },
      422,
      "0c1f4cdc",
    ],
    ["a body that is too large", { idempotencyKey: "x".repeat(3_000_000), ttlMs: 60_000 }, 413, "262144"],
  ];
  it.each(refused)("rejects a sandbox with %s and creates none", async (_what, body, status, words) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const answer = await worker.fetch("/v1/sandboxes", { method: "POST", body: text });
    const error = errorOf(await answer.json());
    expect([answer.status, `${error.code} ${error.message}`]).toEqual([status, expect.stringContaining(words)]);
    expect((await client.call("GET", "/v1/sandboxes")).body).toEqual({ sandboxes: [] });
  });

  const strange: readonly (readonly [string, string])[] = [
    ["an empty id", ""],
    ["a control character", "%00"],
    ["a line break", "%0d%0a"],
    ["a parent directory", "%2e%2e%2f%2e%2e%2fv1"],
    ["a broken escape", "%zz"],
    ["10,000 characters", "x".repeat(10_000)],
    ["an unknown id", "0".repeat(32)],
    ["an unknown verb", `${"0".repeat(32)}/nope`],
  ];
  it.each(strange)("finds no sandbox for %s", async (_what, id) => {
    const { status, body } = await client.call("GET", `/v1/sandboxes/${id}`);
    expect([status, errorOf(body).code]).toEqual([404, "not-found"]);
  });

  it("removes a missing sandbox repeatedly without an error", async () => {
    expect((await client.call("DELETE", `/v1/sandboxes/${"a".repeat(32)}`)).status).toBe(204);
    expect((await client.call("DELETE", "/v1/snapshots/none")).status).toBe(204);
  });

  it("stores templates", async () => {
    const path = `/v1/templates/${"ab".repeat(32)}`;
    expect((await client.call("GET", path)).status).toBe(404);
    await client.call("PUT", path, { reference: "snapshot:one" });
    await client.call("PUT", path, { reference: "snapshot:two" });
    expect((await client.call("GET", path)).body).toEqual({ reference: "snapshot:two" });
    expect((await client.call("DELETE", path)).status).toBe(404);
    expect((await client.call("GET", path)).status).toBe(200);
  });

  it("allows CORS only for the configured origins", async () => {
    const ask = (origin: string, init: RequestInit = {}) =>
      worker.fetch("/v1", { ...init, headers: { ...init.headers, origin } });
    expect((await ask("https://evil.example.com")).headers.get("access-control-allow-origin")).toBeNull();
    expect((await ask("https://studio.example.com")).headers.get("access-control-allow-origin")).toBe(
      "https://studio.example.com",
    );
    const question = { method: "OPTIONS", headers: { "access-control-request-method": "POST", authorization: "" } };
    expect((await ask("https://studio.example.com", question)).status).toBe(204);
    expect((await ask("https://evil.example.com", question)).status).toBe(401);
  });

  it("rejects prompts without a key for the model", async () => {
    const { status, body } = await client.call("POST", "/execute", { question: "2+2?" });
    expect([status, errorOf(body).hint]).toEqual([503, expect.stringContaining("ANTHROPIC_API_KEY")]);
  });
});

describe("a Worker without valid configuration", () => {
  it("rejects every request without its own key", async () => {
    await using worker = await startWorker({ apiKey: null });
    for (const path of ["/", "/v1", "/health", "/execute", "/v1/sandboxes"]) {
      for (const authorization of ["", "Bearer ", "Bearer undefined", "Bearer null"]) {
        const answer = await fetch(new URL(path, worker.url), { headers: { authorization } });
        expect([path, answer.status]).toEqual([path, 503]);
      }
    }
  });

  it("rejects every request with invalid settings", async () => {
    await using worker = await startWorker({ settings: { maxTtl: 1 } });
    const answer = await worker.fetch("/v1");
    expect([answer.status, errorOf(await answer.json()).message]).toEqual([503, expect.stringContaining("maxTtl")]);
  });
});
