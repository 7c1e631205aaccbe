import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newRunId, type RunEventBody } from "@glovebox/core";
import { openStore, type Run, type Store } from "@glovebox/store";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { Observer } from "../src/observe/observer.ts";
import { type AttackedServer, startAttackedServer } from "./attacks/support/attacked-server.ts";
import { requestAs } from "./attacks/support/raw-request.ts";

it("reports metrics, its health, and a line for each request with the token's name and no query", {
  timeout: 240_000,
}, async () => {
  await using server = await startAttackedServer({ args: ["--trusted-proxy", "127.0.0.1"] });
  const { host } = new URL(server.url);
  expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  const ready = (await (await fetch(`${server.url}/readyz`)).json()) as { checks: Record<string, string> };
  expect(ready.checks).toMatchObject({ database: "ok", "provider docker": expect.stringMatching(/^(ok|failed)$/) });

  await fetch(`${server.url}/v1/runs?q=words-of-a-query`, {
    headers: { authorization: `Bearer ${server.tokens.viewer}` },
  });
  await expect
    .poll(() => requestsIn(server))
    .toContainEqual(
      expect.objectContaining({ method: "GET", path: "/v1/runs", status: 200, user: "viewer", address: "127.0.0.1" }),
    );
  expect(server.stderr()).not.toContain("words-of-a-query");

  const metrics = async (headers: Record<string, string>) =>
    await requestAs(server.port, { path: "/metrics", headers: { host, ...headers } });
  const { body } = await metrics({ authorization: `Bearer ${server.tokens.viewer}` });
  expect(body).toMatch(/glovebox_runs\{state="queued"\} 1\n/);
  expect(body).toMatch(/glovebox_runs\{state="ended"\} 1\n/);
  expect(body).toMatch(
    /glovebox_http_request_duration_seconds_count\{method="GET",route="\/v1\/runs",status="200"\} 1\n/,
  );
  expect(body).toContain("nodejs_eventloop_lag_seconds");
  const proxied = { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https" };
  expect((await metrics(proxied)).status, "an outside client").toBe(401);
  expect((await metrics({ ...proxied, authorization: `Bearer ${server.links.ann}` })).status, "a share link").toBe(401);
});

function requestsIn(server: AttackedServer): readonly unknown[] {
  const lines = server
    .stderr()
    .split("\n")
    .filter((line) => line.includes('"Request"'));
  return lines.map((line) => JSON.parse(line) as unknown);
}

interface Span {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

describe("a trace of a run", () => {
  it.each([false, true])(
    "has spans of stages, tools and model calls; with content: %s",
    { timeout: 120_000 },
    async (content) => {
      const spans: Span[] = [];
      const receiver = createServer(async (request, response) => {
        let body = "";
        for await (const chunk of request) body += chunk;
        const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
        spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
        response.end("{}");
      }).listen(0, "127.0.0.1");
      await once(receiver, "listening");
      const directory = mkdtempSync(join(tmpdir(), "glovebox-observe-"));
      const store = await openStore({ directory });
      try {
        const telemetryUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
        const settings = { telemetryUrl, telemetryContent: content };
        const observer = new Observer({ settings, store, providers: new Map(), logger: pino({ level: "silent" }) });
        await observer.runEnded(await endedRun(store));
        await observer.close();
      } finally {
        await store.close();
        receiver.close();
        rmSync(directory, { recursive: true });
      }
      const byName = (name: string): Span =>
        spans.find((span) => span.name === name) ?? expect.unreachable(`no span ${name}`);
      const running = byName("running");
      expect(running.parentSpanId).toBe(byName("invoke_agent claude-code").spanId);
      expect(byName("execute_tool Bash").parentSpanId).toBe(running.spanId);
      const call = byName("chat claude-test-1");
      expect(call.attributes).toContainEqual({ key: "gen_ai.usage.input_tokens", value: { intValue: 17 } });
      expect(JSON.stringify(spans).includes("the prompt"), "prompts").toBe(content);
      expect(JSON.stringify(spans).includes("what the tool read"), "outputs").toBe(content);
    },
  );
});

async function endedRun(store: Store): Promise<Run> {
  const { id: userId } = await store.users.create({ name: "ann", role: "runner" });
  const id = newRunId();
  const harness = { harness: "claude-code", provider: "docker" };
  await store.runs.create({ id, userId, request: { prompt: "the prompt" }, promptPreview: "the prompt", ...harness });
  await store.workers.register({ id: "worker", host: "here", providers: ["docker"], capacity: 1 });
  const [claimed] = await store.queue.claim({ workerId: "worker", providers: ["docker"], leaseMs: 60_000 }, 1);
  const epoch = claimed?.epoch ?? 0;
  const usage = {
    model: "claude-test-1",
    input: 10,
    output: 5,
    cacheRead: 4,
    cacheWrite: 3,
    source: "gateway",
  } as const;
  const exchange = { host: "api.example", port: 443, method: "POST", decision: "allowed", status: 200 } as const;
  const bodies: readonly RunEventBody[] = [
    { type: "run.state", to: "running" },
    { type: "usage", ...usage },
    { type: "network.request", routeId: "model", ...exchange, requestBytes: 1, responseBytes: 1, durationMs: 5 },
    { type: "tool.start", callId: "1", name: "Bash", input: { command: "cat" } },
    { type: "tool.end", callId: "1", status: "ok", output: "what the tool read" },
    { type: "run.end", outcome: "succeeded", reason: "done", exitCode: 0, cleanup: { state: "clean" } },
  ];
  const time = new Date().toISOString();
  const events = bodies.map((body, at) => ({ ...body, v: 1 as const, seq: at + 1, time, runId: id }));
  await store.events.append(id, epoch, events);
  await store.queue.end(id, epoch, { outcome: "succeeded", reason: "done", exitCode: 0 });
  const run = await store.runs.get(id);
  return run ?? expect.unreachable("the run is not in the store");
}
