import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { createClient, GloveboxApiError, type GloveboxClient, type RunEvent, unwrap } from "@glovebox/client";
import { extract, pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "../support/server-process.ts";

/** Its prompts are scripts for the shell in the sandbox. */
const harness = fileURLToPath(new URL("../../../../stress/src/shell-harness.ts", import.meta.url));
const done = 'echo "stress: done"\n';
const waiting = `touch started; while [ ! -e /tmp/go ]; do sleep 0.2; done\n${done}`;

let server: ServerProcess;
let client: GloveboxClient;

beforeAll(async () => {
  server = await startServerProcess({ args: ["--harness", harness, "--max-runs", "3"] });
  client = createClient({ url: server.url, token: server.key });
});
afterAll(async () => await server[Symbol.asyncDispose]());

async function start(prompt: string, more: object = {}) {
  return await unwrap(client.POST("/v1/runs", { body: { prompt, ...more } }));
}

async function all<T>(items: AsyncIterable<T> | AsyncIterable<unknown>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item as T);
  return found;
}

const one = (id: string) => ({ params: { path: { id } } });

async function filesIn(archive: ArrayBuffer): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const entries = extract();
  entries.end(gunzipSync(archive));
  for await (const entry of entries) {
    found[entry.header.name] = Buffer.concat(await all<Buffer>(entry)).toString();
  }
  return found;
}

async function archiveOf(files: Record<string, string>): Promise<Uint8Array<ArrayBuffer>> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  return new Uint8Array(gzipSync(Buffer.concat(await all<Buffer>(archive))));
}

interface Visit {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Visits an origin below localhost, which a browser looks for on this machine. */
async function visit(url: string, headers: Record<string, string> = {}): Promise<Visit> {
  const { host, port, pathname, search } = new URL(url);
  const sent = request({ host: "127.0.0.1", port, path: `${pathname}${search}`, headers: { ...headers, host } }).end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const text = Buffer.concat(await all<Buffer>(response)).toString();
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

it("carries a run on an uploaded project, and gives its events and files", async () => {
  const { uploadId } = await client.upload(await archiveOf({ "a.txt": "before\n", "keep.txt": "kept\n" }));
  const script = `echo after > a.txt; printf '<script>alert(1)</script>' > page.html; mkdir -p 'sub dir'; echo x > 'sub dir/ü.txt'\n${done}`;
  const { id } = await start(script, { name: "First", workspace: { upload: uploadId } });
  const events = await all(client.events(id));
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
  expect(events.at(-1)).toMatchObject({ type: "run.end", outcome: "succeeded" });

  const run = await unwrap(client.GET("/v1/runs/{id}", one(id)));
  expect(run).toMatchObject({ state: "ended", outcome: "succeeded", name: "First", lastEventSeq: events.length });
  expect(run.result).toMatchObject({ outcome: "succeeded", cleanup: { state: "clean" } });
  const manifest = await unwrap(client.GET("/v1/runs/{id}/manifest", one(id)));
  const changes = Object.fromEntries(manifest.manifest.map(({ path, change }) => [path, change]));
  expect(changes).toMatchObject({ "a.txt": "changed", "keep.txt": "unchanged", "page.html": "created" });

  const page = await server.ask(`/v1/runs/${id}/files/page.html`);
  expect(await page.text()).toBe("<script>alert(1)</script>");
  expect(Object.fromEntries(page.headers)).toMatchObject({
    "content-type": "application/octet-stream",
    "content-disposition": "attachment; filename*=UTF-8''page.html",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "x-content-type-options": "nosniff",
  });
  const part = await server.ask(`/v1/runs/${id}/files/page.html`, { headers: { range: "bytes=1-6" } });
  expect([part.status, await part.text(), part.headers.get("content-range")]).toEqual([206, "script", "bytes 1-6/25"]);
  const etag = page.headers.get("etag") ?? "";
  const same = await server.ask(`/v1/runs/${id}/files/page.html`, { headers: { "if-none-match": etag } });
  expect(same.status).toBe(304);
  expect((await server.ask(`/v1/runs/${id}/files/page.html`, { headers: { range: "bytes=99-" } })).status).toBe(416);
  const path = "sub dir/ü.txt";
  const nested = await client.GET("/v1/runs/{id}/files/{path}", { params: { path: { id, path } }, parseAs: "text" });
  expect(nested.data).toBe("x\n");

  const archive = await filesIn(await (await server.ask(`/v1/runs/${id}/archive`)).arrayBuffer());
  expect(archive).toMatchObject({ "a.txt": "after\n", "keep.txt": "kept\n", [path]: "x\n" });
  expect(await (await server.ask(`/v1/runs/${id}/patch`)).text()).toContain("+after");
  const journal = await (await server.ask(`/v1/runs/${id}/journal`)).text();
  expect(journal.trim().split("\n")).toHaveLength(events.length);

  await unwrap(client.DELETE("/v1/runs/{id}", one(id)));
  await expect(unwrap(client.GET("/v1/runs/{id}", one(id)))).rejects.toMatchObject({ code: "not-found", status: 404 });
});

describe("the events of a run", () => {
  it("reach a hundred followers, and resume where a connection broke", async () => {
    const { id } = await start(`for i in $(seq 50); do echo line $i; sleep 0.05; done\n${done}`);
    const followers = Array.from({ length: 100 }, () => all(client.events(id)));
    const some: RunEvent[] = [];
    for await (const event of client.events(id)) if (some.push(event) === 10) break;
    const rest = await all(client.events(id, { after: 10 }));
    const seen = await Promise.all(followers);
    const numbers = seen[0]?.map(({ seq }) => seq) ?? [];
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    expect(numbers.length).toBeGreaterThan(50);
    for (const events of seen) expect(events.map(({ seq }) => seq)).toEqual(numbers);
    expect([...some, ...rest].map(({ seq }) => seq)).toEqual(numbers);
    const last = String(numbers.length);
    const headers = { accept: "text/event-stream", "last-event-id": last };
    expect((await server.ask(`/v1/runs/${id}/events`, { headers })).status).toBe(204);
    const lines = await server.ask(`/v1/runs/${id}/events?after=5`, { headers: { accept: "application/x-ndjson" } });
    expect((await lines.text()).trim().split("\n")).toHaveLength(numbers.length - 5);
  });

  it("end with an error for a run that does not exist, and when the reader stops", async () => {
    await expect(all(client.events("20260101-000000-abcdef"))).rejects.toSatisfy(GloveboxApiError.isInstance);
    const { id } = await start(waiting);
    const stopping = new AbortController();
    const following = all(client.events(id, { signal: stopping.signal }));
    stopping.abort(new Error("enough"));
    await expect(following).rejects.toThrow("enough");
    await unwrap(client.POST("/v1/runs/{id}/stop", { ...one(id), body: { force: true } }));
    await all(client.events(id));
  });
});

it("stops a running run, and shows its processes and its sandbox", async () => {
  const { id } = await start(waiting);
  await expect
    .poll(async () => (await client.GET("/v1/runs/{id}", one(id))).data?.phase, { timeout: 60_000 })
    .toBe("running");
  const names = async () =>
    (await client.GET("/v1/runs/{id}/processes", one(id))).data?.processes.map(({ name }) => name);
  await expect.poll(names, { timeout: 20_000 }).toContain("sh");
  const { sandboxes } = await unwrap(client.GET("/v1/sandboxes"));
  const sandbox = sandboxes.find(({ runId }) => runId === id);
  expect(sandbox).toBeDefined();
  const refused = client.DELETE("/v1/sandboxes/{id}", one(sandbox?.id ?? ""));
  await expect(unwrap(refused)).rejects.toMatchObject({ status: 409, code: "conflict" });
  await expect(unwrap(client.DELETE("/v1/runs/{id}", one(id)))).rejects.toMatchObject({ status: 409 });
  await unwrap(client.POST("/v1/runs/{id}/stop", { ...one(id), body: {} }));
  expect((await all(client.events(id))).at(-1)).toMatchObject({ type: "run.end", outcome: "cancelled" });
  await expect(client.terminal(id)).rejects.toMatchObject({ status: 409 });
});

it("shares one run by a link, until the link is revoked", async () => {
  const { id } = await start(`echo shared > file.txt\n${done}`);
  await all(client.events(id));
  const { url, id: linkId } = await unwrap(client.POST("/v1/runs/{id}/links", { ...one(id), body: {} }));
  expect(url).toMatch(new RegExp(`^${server.url}/share#gls_`));
  const guest = createClient({ url: server.url, token: url.split("#")[1] ?? "" });
  expect(await unwrap(guest.GET("/v1/me"))).toMatchObject({ role: "viewer", link: { runId: id } });
  expect((await guest.GET("/v1/runs/{id}", one(id))).response.status).toBe(200);
  expect((await all(guest.events(id))).length).toBeGreaterThan(0);
  for (const path of ["/v1/runs", "/v1/users", "/v1/audit"] as const) {
    expect((await guest.GET(path)).response.status, path).toBe(403);
  }
  await unwrap(client.DELETE("/v1/runs/{id}/links/{linkId}", { params: { path: { id, linkId } } }));
  expect((await guest.GET("/v1/runs/{id}", one(id))).response.status).toBe(401);
});

it("opens a port of a running run on an origin of its own, to the browser that was given its address", async () => {
  const web =
    "require('http').createServer((q, r) => { r.setHeader('set-cookie', 'a=1; Domain=localhost'); r.end(JSON.stringify(q.headers)) }).listen(3000)";
  const { id } = await start(`node -e "${web}" & echo; while [ ! -e /tmp/go ]; do sleep 0.2; done\n${done}`);
  const open = () => client.POST("/v1/runs/{id}/ports", { ...one(id), body: { port: 3000 } });
  await expect.poll(async () => (await open()).response.status, { timeout: 60_000 }).toBe(201);
  const { url } = await unwrap(open());
  const first = await visit(url);
  expect(first).toMatchObject({ status: 303, headers: { location: "/" } });
  const [cookie = ""] = first.headers["set-cookie"]?.[0]?.split(";") ?? [];
  const headers = { cookie: `${cookie}; theirs=2`, authorization: `Bearer ${server.key}` };
  await expect.poll(async () => (await visit(new URL("/", url).href, headers)).status, { timeout: 20_000 }).toBe(200);
  const page = await visit(new URL("/", url).href, headers);
  expect(page.headers["set-cookie"]).toEqual(["a=1"]);
  expect(JSON.parse(page.text)).toMatchObject({ cookie: "theirs=2" });
  expect(page.text).not.toContain(server.key);
  expect((await visit(url)).status, "the address works once").toBe(403);
  expect((await visit(new URL("/", url).href)).status).toBe(403);
  await unwrap(client.POST("/v1/runs/{id}/stop", { ...one(id), body: { force: true } }));
  await all(client.events(id));
});

it("runs the example of the client's README", async () => {
  const readme = readFileSync(new URL("../../../../packages/client/README.md", import.meta.url), "utf8");
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const body = example
    .replace(/^import .*\n/gm, "")
    .replace("process.env.GLOVEBOX_TOKEN", JSON.stringify(server.key))
    .replace("http://127.0.0.1:3210", server.url)
    .replace("Build a todo app", 'echo \\"stress: done\\"');
  const printed: unknown[] = [];
  // The example as it stands, with this server's address and a prompt for its harness.
  const run = new Function("createClient", "unwrap", "console", `return (async () => { ${body} })()`);
  await run(createClient, unwrap, { log: (...values: unknown[]) => printed.push(...values) });
  expect(printed).toContain("run.end");
});
