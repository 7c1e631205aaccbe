import { gunzipSync } from "node:zlib";
import type { RunEvent } from "@glovebox/core";
import { runLabel } from "@glovebox/core/provider";
import { createDockerProvider } from "@glovebox/provider-docker";
import type { ScriptTurn } from "@glovebox/scripted-model";
import { extract } from "tar-stream";
import { expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "./support/server-process.ts";

const write = (path: string, content: string): ScriptTurn => ({
  tools: [{ name: "Write", input: { file_path: `/workspace/${path}`, content } }],
});
const script = { turns: [write("index.html", "<h1>made inside</h1>"), write("src/a.txt", "a"), { text: "All done." }] };

const post = (body: unknown): RequestInit => ({ method: "POST", body: JSON.stringify(body) });

async function follow(server: ServerProcess, runId: string): Promise<RunEvent[]> {
  return readEvents(await server.ask(`/v1/runs/${runId}/events`));
}

async function readEvents(answer: Response): Promise<RunEvent[]> {
  return (await answer.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as RunEvent);
}

async function namesIn(archive: ArrayBuffer): Promise<string[]> {
  const names: string[] = [];
  const entries = extract();
  entries.end(gunzipSync(archive));
  for await (const entry of entries) {
    names.push(entry.header.name);
    entry.resume();
  }
  return names.sort();
}

it("runs a prompt, tells what happens, and gives every file", async () => {
  await using server = await startServerProcess({ script });
  const started = await server.ask("/v1/runs", post({ prompt: "Build a page", network: { mode: "sealed" } }));
  expect(started.status).toBe(202);
  const { runId } = (await started.json()) as { runId: string };
  const events = await follow(server, runId);
  expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(["sandbox.created", "run.end"]));
  const run = (await (await server.ask(`/v1/runs/${runId}`)).json()) as {
    outcome: string;
    result: { message: string };
  };
  expect(run).toMatchObject({ outcome: "succeeded", isAlive: false, result: { cleanup: { state: "clean" } } });

  const sse = await server.ask(`/v1/runs/${runId}/events`, { headers: { accept: "text/event-stream" } });
  expect(sse.headers.get("content-type")).toContain("text/event-stream");
  expect((await sse.text()).match(/^event: /gm)).toHaveLength(events.length);

  const { manifest } = (await (await server.ask(`/v1/runs/${runId}/files`)).json()) as { manifest: { path: string }[] };
  expect(manifest.map(({ path }) => path)).toEqual(expect.arrayContaining(["index.html", "src/a.txt"]));
  const file = await server.ask(`/v1/runs/${runId}/files/index.html`);
  expect([await file.text(), file.headers.get("content-disposition")]).toEqual(["<h1>made inside</h1>", "attachment"]);
  const archive = await (await server.ask(`/v1/runs/${runId}/archive`)).arrayBuffer();
  expect(await namesIn(archive)).toEqual(expect.arrayContaining(["index.html", "src/a.txt"]));
  for (const path of ["../../api-key", "%2e%2e/%2e%2e/api-key", "none.txt"]) {
    expect((await server.ask(`/v1/runs/${runId}/files/${path}`)).status, path).toBe(404);
  }

  expect(((await (await server.ask("/v1/runs")).json()) as { runs: unknown[] }).runs).toHaveLength(1);
  expect((await server.ask(`/v1/runs/${runId}`, { method: "DELETE" })).status).toBe(204);
  expect((await server.ask(`/v1/runs/${runId}`)).status).toBe(404);
  expect(server.stderr()).not.toContain(server.modelKey);
  expect(server.stderr() + server.stdout()).not.toContain(server.key);
});

it("cancels a run by request, and every run on SIGTERM", async () => {
  const slow: ScriptTurn = { tools: [{ name: "Bash", input: { command: "sleep 300", description: "wait" } }] };
  await using server = await startServerProcess({ script: { turns: [slow, slow] }, args: ["--max-runs", "2"] });
  const start = async (): Promise<string> =>
    ((await (await server.ask("/v1/runs", post({ prompt: "Wait" }))).json()) as { runId: string }).runId;
  const [first, second] = [await start(), await start()];
  expect((await server.ask("/v1/runs", post({ prompt: "Wait" }))).status).toBe(429);
  const firstEvents = follow(server, first);
  expect((await server.ask(`/v1/runs/${first}/cancel`, post({}))).status).toBe(202);
  expect((await firstEvents).at(-1)).toMatchObject({ type: "run.end" });
  expect(await (await server.ask(`/v1/runs/${first}`)).json()).toMatchObject({ outcome: "cancelled" });

  const { sandboxes } = (await (await server.ask("/v1/sandboxes")).json()) as { sandboxes: { id: string }[] };
  for (const { id } of sandboxes) {
    expect((await server.ask(`/v1/sandboxes/${id}`)).status).toBe(200);
    expect((await server.ask(`/v1/sandboxes/${id}`, { method: "DELETE" })).status).toBe(400);
  }
  const following = await server.ask(`/v1/runs/${second}/events`);
  server.process.kill("SIGTERM");
  expect((await readEvents(following)).at(-1)).toMatchObject({ type: "run.end", outcome: "cancelled" });
  expect(await server.ended).toBe(0);
});

it("stops everything at once on a second signal", async () => {
  const slow: ScriptTurn = { tools: [{ name: "Bash", input: { command: "sleep 300", description: "wait" } }] };
  await using server = await startServerProcess({ script: { turns: [slow] } });
  const { runId } = (await (await server.ask("/v1/runs", post({ prompt: "Wait" }))).json()) as { runId: string };
  const following = await server.ask(`/v1/runs/${runId}/events`);
  server.process.kill("SIGINT");
  server.process.kill("SIGTERM");
  const events = await readEvents(following).catch(() => []);
  expect(await server.ended).toBe(0);
  expect(events.filter(({ type }) => type === "files.collected")).toEqual([]);
  for await (const { id } of createDockerProvider().list({ labels: { [runLabel]: runId } })) {
    expect.unreachable(`the container ${id} is left`);
  }
});
