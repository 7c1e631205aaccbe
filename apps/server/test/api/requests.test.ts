import { request } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "../support/server-process.ts";

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
}

interface Run {
  readonly id: string;
  readonly state: string;
  readonly place?: number;
  readonly outcome?: string;
}

/** No worker: runs stay in the queue. */
let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess({
    args: ["--max-runs", "0"],
    config: { corsOrigins: ["https://tools.example.com"], maxUploadMiB: 1 },
  });
});
afterAll(async () => await server[Symbol.asyncDispose]());

const json = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;
const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  server.ask(path, { method: "POST", body: JSON.stringify(body), headers });
const problem = async (answer: Promise<Response>): Promise<Problem> => {
  const response = await answer;
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const body = (await response.json()) as Problem;
  expect(body).toMatchObject({ status: response.status, requestId: response.headers.get("x-request-id") });
  return body;
};

describe("a request that cannot be served", () => {
  const file = { kind: "agent", name: "../../secret" };
  const git = { url: "file:///etc" };
  it.each([
    ["GET", "/v1/nothing", 404, "not-found"],
    ["GET", "/v1/runs/20260101-000000-abcdef", 404, "not-found"],
    ["GET", "/v1/runs/20260101-000000-abcdef/files/..%2f..%2fapi-key", 404, "not-found"],
    ["PUT", "/v1/runs", 405, "method-not-allowed"],
    ["POST", "/v1/audit", 405, "method-not-allowed"],
    ["GET", "/v1/runs?limit=0", 400, "invalid-options"],
    ["GET", "/v1/runs?cursor=nonsense", 400, "invalid-options"],
    ["GET", "/v1/runs?label=nonsense", 400, "invalid-options"],
  ])("%s %s gets %d %s as a problem document", async (method, path, status, code) => {
    expect(await problem(server.ask(path, { method }))).toMatchObject({ status, code });
  });

  it("with a method that a path lacks gets the ones that it has", async () => {
    const answer = await server.ask("/v1/runs/x", { method: "PUT" });
    expect(answer.headers.get("allow")?.split(", ").sort()).toEqual(["DELETE", "GET", "HEAD", "PATCH"]);
  });

  it.each([
    ["is no JSON", "{", "application/json", 400],
    ["has an unknown key", JSON.stringify({ prompt: "x", unknown: 1 }), "application/json", 400],
    ["has no prompt", JSON.stringify({ prompt: "" }), "application/json", 400],
    ["names an unknown provider", JSON.stringify({ prompt: "x", provider: "elsewhere" }), "application/json", 400],
    ["names a file as a component", JSON.stringify({ prompt: "x", components: [file] }), "application/json", 400],
    ["names a file as a repository", JSON.stringify({ prompt: "x", workspace: { git } }), "application/json", 400],
    ["names no upload", JSON.stringify({ prompt: "x", workspace: { upload: "none" } }), "application/json", 400],
    ["has another type", JSON.stringify({ prompt: "x" }), "text/plain", 415],
    ["is too large", JSON.stringify({ prompt: "x".repeat(5 * 1024 * 1024) }), "application/json", 413],
  ])("whose body %s is refused", async (_, body, type, status) => {
    const answer = server.ask("/v1/runs", { method: "POST", body, headers: { "content-type": type } });
    expect(await problem(answer)).toMatchObject({ status });
  });

  it("without a key, or under another name, reaches nothing", async () => {
    expect(await problem(fetch(`${server.url}/v1/runs`))).toMatchObject({ status: 401, code: "authentication" });
    const status = await new Promise((resolve, reject) => {
      const headers = { host: "rebound.example.com", authorization: `Bearer ${server.key}` };
      request(`${server.url}/v1/runs`, { headers }, (response) => resolve(response.resume().statusCode))
        .once("error", reject)
        .end();
    });
    expect(status).toBe(421);
  });

  it("names no flag of the command line", async () => {
    const { detail } = await problem(post("/v1/runs", { prompt: "x", harness: "unknown" }));
    expect(detail).not.toMatch(/--|glovebox /);
  });
});

describe("an Idempotency-Key", () => {
  it("starts one run, however often the request is sent", async () => {
    const send = () => post("/v1/runs", { prompt: "once" }, { "idempotency-key": "first" });
    const answers = await Promise.all(Array.from({ length: 5 }, send));
    const started = await Promise.all(
      answers.filter(({ status }) => status === 202).map((answer) => answer.json() as Promise<Run>),
    );
    expect(answers.every(({ status }) => status === 202 || status === 409)).toBe(true);
    expect(new Set(started.map(({ id }) => id)).size).toBe(1);
    const again = await send();
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([202, "true"]);
    expect(((await again.json()) as Run).id).toBe(started[0]?.id);
    const { runs } = await json<{ runs: Run[] }>(server.ask("/v1/runs?q=once"));
    expect(runs).toHaveLength(1);
  });

  it("refuses another request, and is free again after a request that failed", async () => {
    const send = (prompt: string) => post("/v1/runs", { prompt }, { "idempotency-key": "second" });
    expect((await send("")).status).toBe(400);
    expect((await send("one")).status).toBe(202);
    expect(await problem(send("two"))).toMatchObject({ status: 422, code: "conflict" });
  });
});

describe("the queue", () => {
  it("has places by priority, and cancels what waits in it", async () => {
    const start = async (priority: number): Promise<Run> =>
      await json(post("/v1/runs", { prompt: `priority ${priority}`, priority }));
    const [first, second] = [await start(8), await start(9)];
    expect([first.state, first.place, second.place]).toEqual(["queued", 1, 1]);
    expect(await json(server.ask(`/v1/runs/${first.id}`))).toMatchObject({ place: 2 });
    const patch = { method: "PATCH", body: JSON.stringify({ priority: 0 }) };
    expect((await json<Run>(server.ask(`/v1/runs/${second.id}`, patch))).place).toBeGreaterThan(2);
    const events = server.ask(`/v1/runs/${first.id}/events`);
    expect(await json(post(`/v1/runs/${first.id}/stop`, {}))).toMatchObject({ state: "ended", outcome: "cancelled" });
    expect(await (await events).text()).toMatch(/^retry: 1000\n\nid: 1\nevent: run.end\ndata: /);
    expect((await server.ask(`/v1/runs/${first.id}/events?after=1`)).status).toBe(204);
    expect(await problem(server.ask(`/v1/runs/${first.id}`, patch))).toMatchObject({ status: 409 });
    expect(await problem(post(`/v1/runs/${second.id}/resume`, { prompt: "more" }))).toMatchObject({ status: 409 });
    expect(await problem(server.ask(`/v1/runs/${second.id}/terminal`))).toMatchObject({ status: 409 });
    expect((await server.ask(`/v1/runs/${second.id}`, { method: "DELETE" })).status).toBe(204);
    expect((await server.ask(`/v1/runs/${second.id}`)).status).toBe(404);
  });

  it("is listed in pages, each run once", async () => {
    const ids = new Set<string>();
    for (let left = 7; left > 0; left -= 1) {
      const { id } = await json<Run>(post("/v1/runs", { prompt: "page", labels: { page: "yes", left: String(left) } }));
      ids.add(id);
    }
    const seen: string[] = [];
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const query = `label=page=yes&limit=3${cursor === undefined ? "" : `&cursor=${cursor}`}`;
      const page = await json<{ runs: Run[]; nextCursor?: string }>(server.ask(`/v1/runs?${query}`));
      seen.push(...page.runs.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(7);
    expect(new Set(seen)).toEqual(ids);
    const { runs } = await json<{ runs: Run[] }>(
      server.ask("/v1/runs?label=page=yes&label=left=3&user=me&state=queued"),
    );
    expect(runs).toHaveLength(1);
  });
});

it("starts a batch of runs, reports it, and stops it", async () => {
  const rows = [
    { id: "a", prompt: "A" },
    { id: "b", prompt: "B", model: "other" },
  ];
  const batch = await json<{ id: string }>(
    post("/v1/batches", { name: "pair", rows, run: { labels: { of: "batch" } } }),
  );
  expect(batch).toMatchObject({ state: "running", counts: { total: 2, queued: 2 } });
  const report = await json<{ rows: { rowId: string }[] }>(server.ask(`/v1/batches/${batch.id}/report`));
  expect(report.rows.map(({ rowId }) => rowId)).toEqual(["a", "b"]);
  expect(await json(post(`/v1/batches/${batch.id}/stop`, {}))).toMatchObject({ state: "ended", counts: { failed: 2 } });
  expect(
    await problem(
      post("/v1/batches", {
        rows: [
          { id: "a", prompt: "A" },
          { id: "a", prompt: "A" },
        ],
      }),
    ),
  ).toMatchObject({
    status: 400,
  });
});

describe("an upload", () => {
  const upload = (body: string | Uint8Array<ArrayBuffer>, type = "application/gzip"): Promise<Response> =>
    server.ask("/v1/uploads", { method: "POST", body, headers: { "content-type": type } });

  it("is an archive of a limited size", async () => {
    expect((await upload(new Uint8Array(gzipSync("an archive")))).status).toBe(201);
    expect(await problem(upload("no archive"))).toMatchObject({ status: 400 });
    expect(await problem(upload(new Uint8Array(gzipSync("x")), "text/html"))).toMatchObject({ status: 415 });
    const large = Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(2 * 1024 * 1024)]);
    expect(await problem(upload(new Uint8Array(large)))).toMatchObject({ status: 413 });
  });
});

it("lets pages of named sites use the API, and no others", async () => {
  const ask = async (origin: string) =>
    (await server.ask("/v1/runs", { headers: { origin } })).headers.get("access-control-allow-origin");
  expect(await ask("https://tools.example.com")).toBe("https://tools.example.com");
  expect(await ask("https://evil.example.com")).toBeNull();
  const preflight = await fetch(`${server.url}/v1/runs`, {
    method: "OPTIONS",
    headers: { origin: "https://tools.example.com", "access-control-request-method": "POST" },
  });
  expect([preflight.status, preflight.headers.get("access-control-allow-credentials")]).toEqual([204, null]);
});

it("lists what it was configured with, who works there, and what was changed", async () => {
  const { providers, harnesses } = await json<{ providers: { name: string }[]; harnesses: unknown[] }>(
    server.ask("/v1/providers"),
  );
  expect(providers.map(({ name }) => name)).toEqual(["docker"]);
  expect(harnesses).toEqual([{ name: "claude-code", isDefault: true, hasCredential: true }]);
  for (const path of ["workers", "templates", "sandboxes"]) expect((await server.ask(`/v1/${path}`)).status).toBe(200);
  expect(await json(server.ask("/v1/cost?by=user"))).toMatchObject({ by: "user", totalUsd: 0 });
  const { entries } = await json<{ entries: { action: string }[] }>(server.ask("/v1/audit?limit=500"));
  expect(entries.map(({ action }) => action)).toEqual(
    expect.arrayContaining(["run.create", "run.stop", "run.delete", "batch.create", "batch.stop", "upload.create"]),
  );
});

it("gives users what their role allows", async () => {
  const viewer = await json<{ id: string }>(post("/v1/users", { name: "Vera", role: "viewer" }));
  const { token } = await json<{ token: string }>(post("/v1/tokens", { name: "laptop", userId: viewer.id }));
  const as = (path: string, init: RequestInit = {}) =>
    server.ask(path, { ...init, headers: { authorization: `Bearer ${token}`, "content-type": "application/json" } });
  expect(await json(as("/v1/me"))).toMatchObject({ role: "viewer", user: { name: "Vera" } });
  expect((await as("/v1/runs")).status).toBe(200);
  const body = JSON.stringify({ prompt: "x" });
  for (const path of ["/v1/runs", "/v1/batches", "/v1/users"]) {
    expect((await as(path, { method: "POST", body })).status, path).toBe(403);
  }
  expect((await as("/v1/audit")).status).toBe(403);
  const [run] = (await json<{ runs: Run[] }>(as("/v1/runs?limit=1"))).runs;
  expect((await as(`/v1/runs/${run?.id}/stop`, { method: "POST", body: "{}" })).status).toBe(403);
});

it("describes itself, with a page that needs nothing else", async () => {
  const document = await json<{ openapi: string; paths: object }>(fetch(`${server.url}/openapi.json`));
  expect(document.openapi).toBe("3.1.0");
  expect(Object.keys(document.paths)).toContain("/v1/runs/{id}/events");
  const page = await fetch(`${server.url}/docs`);
  expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-/);
  const text = await page.text();
  expect(text).toContain("Follow the events of a run");
  expect(text).not.toMatch(/<script|src=|@import|url\(/);
});
