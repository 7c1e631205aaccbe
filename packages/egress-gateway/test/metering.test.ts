import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createNetServer, type Server } from "node:net";
import { text } from "node:stream/consumers";
import {
  type EgressEvent,
  type EgressPolicy,
  InvalidOptionsError,
  type ModelPrices,
  type ModelRoute,
  type ModelUsage,
  Secret,
} from "@glovebox/core/provider";
import { afterEach, describe, expect, it } from "vitest";
import { createGateway } from "../src/index.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** One dollar a million, ten for output: a token of output costs as much as ten of input. */
const plain = { inputUsd: 1, outputUsd: 10, cacheReadUsd: 0.1, cacheWriteUsd: 1.25 };
const prices: ModelPrices = {
  asOf: "2026-11-20",
  models: [
    { modelPrefix: "tiny", ...plain },
    { modelPrefix: "tiny-long", ...plain },
    { modelPrefix: "tiny-long", aboveInputTokens: 1000, ...plain, inputUsd: 5 },
    { modelPrefix: "tiny-dear", ...plain, inputUsd: 3, cacheWriteHourUsd: 2, webSearchUsd: 0.01 },
    { modelPrefix: "tiny-dear", speed: "fast", ...plain, outputUsd: 60 },
  ],
};

type Handler = (response: ServerResponse, body: string, request: IncomingMessage) => unknown;

async function listen(server: Server): Promise<string> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What a test says otherwise of its route; `undefined` takes a field away. */
type RouteChange = { readonly [field in keyof ModelRoute]?: ModelRoute[field] | undefined };

async function setGateway(handler: Handler, policy: Partial<EgressPolicy> = {}, route: RouteChange = {}) {
  const api = createServer(async (request, response) => handler(response, await text(request), request));
  const upstream = await listen(api);
  const seen = {
    usage: [] as ModelUsage[],
    exceeded: [] as { spentUsd: number; maxCostUsd: number }[],
    events: [] as EgressEvent[],
  };
  const gateway = createGateway({
    policy: { mode: "sealed", models: [{ ...routeTo(upstream), ...route } as ModelRoute], ...policy },
    observer: {
      onUsage: (usage) => seen.usage.push(usage),
      onBudgetExceeded: (spent) => seen.exceeded.push(spent),
      onRequest: (event) => seen.events.push(event),
    },
    env: {},
  });
  const door = createNetServer((socket) => gateway.handle(socket));
  const url = gateway.modelUrls(await listen(door)).anthropic ?? "";
  cleanups.push(
    () => api.closeAllConnections(),
    () => api.close(),
    () => door.close(),
    () => gateway.close(),
  );
  const ask = (body: object | string, path = "/v1/messages", signal: AbortSignal | null = null) =>
    fetch(`${url}${path}`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      signal,
    });
  return { ...seen, ask };
}

function routeTo(upstream: string): ModelRoute {
  return {
    id: "anthropic",
    upstream,
    paths: [
      { method: "POST", path: "/v1/messages" },
      { method: "POST", path: "/v1/messages/count_tokens" },
      { method: "HEAD", path: "/" },
    ],
    credential: { header: "x-api-key", secret: new Secret("KEY", "sk-ant-api03-the-real-one") },
    api: "anthropic-messages",
    prices,
  };
}

interface Use {
  readonly model?: string;
  readonly start?: object;
  readonly text?: string;
  readonly end?: object;
}

/** The events of a stream, as the API words them. */
function streamOf({ model = "tiny-1", start = { input_tokens: 100, output_tokens: 1 }, text = "hello", end }: Use) {
  const message = { id: "msg_1", type: "message", role: "assistant", model, content: [], usage: start };
  return [
    { type: "message_start", message },
    { type: "ping" },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } },
    { type: "content_block_stop", index: 0 },
    ...(end === undefined ? [] : [{ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: end }]),
    { type: "message_stop" },
  ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

function sendStream(response: ServerResponse, use: Use): void {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  response.end(streamOf(use).join(""));
}

function sendMessage(response: ServerResponse, usage: object, model = "tiny-1"): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ id: "msg_2", type: "message", model, content: [], usage }));
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("the condition did not come true");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const request = { model: "tiny-1", stream: true, max_tokens: 100, messages: [] };

describe("what an answer used", () => {
  it("is read from a stream, and the stream arrives as it was sent", async () => {
    const start = {
      input_tokens: 100,
      cache_creation_input_tokens: 200,
      cache_read_input_tokens: 3000,
      output_tokens: 1,
    };
    const use = { start, end: { output_tokens: 40 } };
    const { ask, usage } = await setGateway((response) => sendStream(response, use));
    expect(await (await ask(request)).text()).toBe(streamOf(use).join(""));
    await until(() => usage.length === 1);
    expect(usage[0]).toEqual({
      routeId: "anthropic",
      model: "tiny-1",
      messageId: "msg_1",
      input: 100,
      output: 40,
      cacheRead: 3000,
      cacheWrite: 200,
      costUsd: expect.closeTo((100 + 400 + 300 + 250) / 1e6, 12),
    });
  });

  it("is read byte by byte, also within a character", async () => {
    const { ask, usage } = await setGateway(async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const byte of Buffer.from(streamOf({ text: "añ€😀", end: { output_tokens: 7 } }).join(""))) {
        await new Promise<void>((resolve) => response.write(Buffer.from([byte]), () => resolve()));
      }
      response.end();
    });
    await (await ask(request)).text();
    await until(() => usage.length === 1);
    expect(usage[0]).toMatchObject({ input: 100, output: 7 });
  });

  it("is read from an answer in one piece", async () => {
    const { ask, usage } = await setGateway((response) => sendMessage(response, { input_tokens: 5, output_tokens: 2 }));
    expect(await (await ask({ ...request, stream: false })).json()).toMatchObject({ id: "msg_2" });
    await until(() => usage.length === 1);
    expect(usage[0]).toMatchObject({ messageId: "msg_2", input: 5, output: 2, costUsd: expect.closeTo(25e-6, 12) });
  });

  it("counts what was seen of a stream that breaks off, its output estimated", async () => {
    const { ask, usage, events } = await setGateway((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(
        streamOf({ text: "x".repeat(400) })
          .slice(0, 4)
          .join(""),
        () => response.destroy(),
      );
    });
    await expect((await ask(request)).text()).rejects.toThrow();
    await until(() => events.length === 1);
    expect(usage).toEqual([expect.objectContaining({ input: 100, output: expect.any(Number) })]);
    expect(usage[0]?.output).toBeGreaterThanOrEqual(100);
    expect(usage[0]?.output).toBeLessThan(110);
  });

  it("is nothing for counting tokens, for an error, and for an API that nobody can read", async () => {
    const { ask, usage, events } = await setGateway((response, _, { url }) => {
      if (url?.endsWith("count_tokens")) return sendMessage(response, { input_tokens: 9, output_tokens: 9 });
      response
        .writeHead(529, { "content-type": "application/json" })
        .end('{"usage":{"input_tokens":9},"model":"tiny"}');
    });
    await (await ask(request, "/v1/messages/count_tokens")).text();
    await (await ask(request)).text();
    await until(() => events.length === 2);
    expect(usage).toEqual([]);
    const unread = await setGateway((response) => sendStream(response, {}), {}, { api: undefined });
    await (await unread.ask(request)).text();
    await until(() => unread.events.length === 1);
    expect(unread.usage).toEqual([]);
  });

  it("has no cost where the model has no price", async () => {
    const { ask, usage } = await setGateway((response) => sendStream(response, { model: "other" }));
    await (await ask({ ...request, model: "other" })).text();
    await until(() => usage.length === 1);
    expect(usage[0]).toMatchObject({ model: "other", input: 100 });
    expect(usage[0]).not.toHaveProperty("costUsd");
  });

  it.each([
    [
      "an hour's cache, and searches of the web",
      "tiny-dear-2",
      {
        cache_creation_input_tokens: 1000,
        cache_creation: { ephemeral_5m_input_tokens: 400, ephemeral_1h_input_tokens: 600 },
        server_tool_use: { web_search_requests: 2 },
      },
      (400 * 1.25 + 600 * 2) / 1e6 + 0.02,
    ],
    ["a speed of its own", "tiny-dear-2", { output_tokens: 10, speed: "fast" }, 600 / 1e6],
    ["a short prompt", "tiny-long-1", { input_tokens: 400, cache_read_input_tokens: 600 }, (400 + 60) / 1e6],
    [
      "a long prompt, what is cached included",
      "tiny-long-1",
      { input_tokens: 401, cache_read_input_tokens: 600 },
      (401 * 5 + 60) / 1e6,
    ],
  ])("follows the price list: %s", async (_, model, use, cost) => {
    const { ask, usage } = await setGateway((response) => sendMessage(response, use, model));
    await (await ask({ ...request, model })).text();
    await until(() => usage.length === 1);
    expect(usage[0]?.costUsd).toBeCloseTo(cost, 12);
  });

  it("counts what the API asked of models beside its answer, which its own counts leave out", async () => {
    const use = { input_tokens: 20, output_tokens: 10 };
    const iterations = [
      { type: "compaction", input_tokens: 1800, output_tokens: 30 },
      { type: "message", ...use },
      { type: "advisor_message", model: "tiny-dear-2", input_tokens: 500, output_tokens: 40 },
    ];
    const { ask, usage } = await setGateway((response) => sendMessage(response, { ...use, iterations }));
    await (await ask(request)).text();
    await until(() => usage.length === 3);
    expect(usage.map(({ model, messageId, costUsd = 0 }) => [model, messageId, Math.round(costUsd * 1e6)])).toEqual([
      ["tiny-1", "msg_2", 120],
      ["tiny-1", "msg_2", 2100],
      ["tiny-dear-2", "msg_2", 1900],
    ]);
  });

  it("holds no endless event in memory", async () => {
    const { ask, usage } = await setGateway(async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(streamOf({})[0]);
      response.write("data: ");
      const block = Buffer.alloc(1024 * 1024, "x");
      for (let at = 0; at < 40; at += 1) {
        await new Promise<void>((resolve) => response.write(block, () => resolve()));
      }
      response.end();
    });
    const { body } = await ask(request);
    for await (const _ of body ?? []);
    await until(() => usage.length === 1);
    expect(usage[0]?.input).toBe(100);
    // What was past the bound is weighed, not forgotten.
    expect(usage[0]?.output).toBeGreaterThan((20 * 1024 * 1024) / 4);
  });
});

describe("a limit of cost", () => {
  it("cuts the stream that passes it, ends the upstream's work, and refuses what follows", async () => {
    let isUpstreamClosed = false;
    const { ask, usage, exceeded, events } = await setGateway(
      async (response) => {
        response.once("close", () => {
          isUpstreamClosed = true;
        });
        response.writeHead(200, { "content-type": "text/event-stream" });
        const [start = "", , , delta = ""] = streamOf({ text: "x".repeat(400) });
        response.write(start);
        while (!response.destroyed) await new Promise<void>((resolve) => response.write(delta, () => resolve()));
      },
      // 100 tokens in, and 990 out: ten deltas.
      { maxCostUsd: 0.01 },
    );
    const answer = await ask(request);
    await expect(answer.text()).rejects.toThrow();
    await until(() => isUpstreamClosed);
    expect(usage).toHaveLength(1);
    expect(usage[0]?.costUsd).toBeGreaterThan(0.01);
    expect(exceeded).toEqual([{ spentUsd: expect.any(Number), maxCostUsd: 0.01 }]);
    expect(exceeded[0]?.spentUsd).toBeGreaterThan(0.01);
    expect(exceeded[0]?.spentUsd).toBeLessThanOrEqual(usage[0]?.costUsd ?? 0);
    const refused = await ask(request);
    expect(refused.status).toBe(403);
    expect(refused.headers.get("x-should-retry")).toBe("false");
    expect(await refused.json()).toEqual({
      type: "error",
      error: { type: "permission_error", message: "glovebox: the limit of $0.01 for this run is spent" },
    });
    expect(exceeded).toHaveLength(1);
    await until(() => events.length === 2);
    expect(events.map(({ decision }) => decision)).toEqual(["denied", "denied"]);
  });

  it("lets pass what stays within it, to the last cent", async () => {
    const bodies: string[] = [];
    const { ask, usage, exceeded } = await setGateway(
      (response, body) => {
        bodies.push(body);
        sendStream(response, { start: { input_tokens: 100, output_tokens: 1 }, end: { output_tokens: 90 } });
      },
      { maxCostUsd: 0.003 },
    );
    for (const count of [1, 2, 3]) {
      const answer = await ask(request);
      expect(answer.status, String(count)).toBe(200);
      await answer.text();
    }
    expect(bodies).toEqual(Array(3).fill(JSON.stringify(request)));
    expect(usage.reduce((sum, { costUsd = 0 }) => sum + costUsd, 0)).toBeCloseTo(0.003, 12);
    expect(exceeded).toEqual([]);
    expect((await ask(request)).status).toBe(403);
    expect(exceeded).toEqual([{ spentUsd: expect.closeTo(0.003, 12), maxCostUsd: 0.003 }]);
  });

  it("holds for all that is in flight together", async () => {
    let waiting: ServerResponse[] = [];
    const { ask, exceeded } = await setGateway(
      (response) => {
        waiting.push(response);
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(streamOf({ start: { input_tokens: 4000, output_tokens: 1 } })[0]);
      },
      { maxCostUsd: 0.01 },
    );
    const answers = [await ask(request), await ask(request)];
    await until(() => waiting.length === 2);
    // Each of the two may spend its own 0.004, and not 0.004 more.
    const delta = streamOf({ text: "x".repeat(600) })[3];
    for (const response of waiting) response.write(delta);
    const [first, second] = answers.map((answer) =>
      answer.text().then(
        () => "whole",
        () => "cut",
      ),
    );
    await until(() => exceeded.length === 1);
    for (const response of waiting) response.end();
    expect([await first, await second].sort()).toEqual(["cut", "whole"]);
    waiting = [];
  });

  it("sets the input aside before the upstream has said a word, at the full price first", async () => {
    const seen: string[] = [];
    const { ask, exceeded } = await setGateway((_, body) => seen.push(body), { maxCostUsd: 0.01 });
    const long = { ...request, messages: [{ role: "user", content: "x".repeat(24_000) }] };
    const first = ask(long).catch(() => {});
    await until(() => seen.length === 1);
    expect((await ask(long)).status).toBe(403);
    expect(seen).toHaveLength(1);
    expect(exceeded).toEqual([{ spentUsd: 0, maxCostUsd: 0.01 }]);
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    await first;
  });

  it("learns from an answer what a byte of input costs", async () => {
    const hanging: ServerResponse[] = [];
    let isFirst = true;
    const { ask } = await setGateway(
      (response) => {
        if (!isFirst) return hanging.push(response);
        isFirst = false;
        sendStream(response, { start: { input_tokens: 1, cache_read_input_tokens: 6000, output_tokens: 1 } });
      },
      { maxCostUsd: 0.01 },
    );
    const long = { ...request, messages: [{ role: "user", content: "x".repeat(24_000) }] };
    await (await ask(long)).text();
    // Six times the full price would pass the limit; six times what the first has cost does not.
    const others = Array.from({ length: 6 }, () =>
      ask(long).then(
        ({ status }) => status,
        () => "cut",
      ),
    );
    await until(() => hanging.length === 6);
    for (const response of hanging) response.destroy();
    expect(new Set(await Promise.all(others))).toEqual(new Set([502]));
  });

  it("takes an image for what it costs, not for its bytes", async () => {
    const seen: number[] = [];
    const { ask } = await setGateway(
      (response, body) => {
        seen.push(body.length);
        sendStream(response, {});
      },
      { maxCostUsd: 0.02 },
    );
    const source = { type: "base64", media_type: "image/png", data: "A".repeat(1_000_000) };
    const shown = [
      { type: "tool_result", content: [{ type: "image", source }] },
      { type: "image", source },
    ];
    const answer = await ask({ ...request, messages: [{ role: "user", content: shown }] });
    expect(answer.status).toBe(200);
    expect(seen[0]).toBeGreaterThan(2_000_000);
    const written = [{ type: "text", text: source.data }];
    expect((await ask({ ...request, messages: [{ role: "user", content: written }] })).status).toBe(403);
  });

  it("sets aside all that an answer in one piece may say, for it cannot be cut", async () => {
    const seen: string[] = [];
    const { ask } = await setGateway(
      (response, body) => {
        seen.push(body);
        sendMessage(response, { input_tokens: 10, output_tokens: 10 });
      },
      { maxCostUsd: 0.01 },
    );
    expect((await ask({ ...request, stream: false, max_tokens: 900 })).status).toBe(200);
    expect((await ask({ ...request, stream: false, max_tokens: 1100 })).status).toBe(403);
    expect(seen).toHaveLength(1);
  });

  it("counts what was spent before", async () => {
    const { ask, exceeded } = await setGateway((response) => sendStream(response, {}), {
      maxCostUsd: 0.01,
      spentUsd: 0.01,
    });
    expect((await ask(request)).status).toBe(403);
    expect(exceeded).toEqual([{ spentUsd: 0.01, maxCostUsd: 0.01 }]);
  });

  it("charges nothing for an answer that is an error", async () => {
    const { ask, exceeded } = await setGateway((response) => response.writeHead(529).end(), { maxCostUsd: 0.00005 });
    for (const _ of [1, 2, 3]) expect((await ask(request)).status).toBe(529);
    expect(exceeded).toEqual([]);
  });

  it("charges what was expected for an answer that nobody waited for", async () => {
    const bodies: string[] = [];
    const { ask, events, exceeded } = await setGateway((_, body) => bodies.push(body), { maxCostUsd: 0.01 });
    const long = { ...request, messages: [{ role: "user", content: "x".repeat(30_000) }] };
    const stop = new AbortController();
    const given = ask(long, "/v1/messages", stop.signal).catch(() => "given up");
    await until(() => bodies.length === 1);
    stop.abort();
    expect(await given).toBe("given up");
    await until(() => events.length === 1);
    expect((await ask(long)).status).toBe(403);
    expect(exceeded).toEqual([{ spentUsd: expect.closeTo(0.0075, 3), maxCostUsd: 0.01 }]);
  });

  it.each([
    ["a model without a price", { ...request, model: "other-1" }, 403, "the model other-1 has no price"],
    ["a speed without a price", { ...request, speed: "fast" }, 403, "the model tiny-1 at the speed fast has no price"],
    ["a request that names no model", "{}", 400, "names no model"],
    ["a request that is no JSON", "model=tiny-1", 400, "names no model"],
  ])("refuses %s", async (_, body, status, message) => {
    const seen: string[] = [];
    const { ask, exceeded } = await setGateway((_response, sent) => seen.push(sent), { maxCostUsd: 1 });
    const answer = await ask(body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("x-should-retry")).toBe("false");
    expect(await answer.text()).toContain(message);
    expect(seen).toEqual([]);
    expect(exceeded).toEqual([]);
  });

  it.each([
    ["packed", { "content-type": "text/event-stream", "content-encoding": "gzip" }],
    ["of another kind", { "content-type": "application/octet-stream" }],
  ])("cuts an answer that is %s, for nobody can read what it costs", async (_, headers) => {
    const { ask } = await setGateway((response) => response.writeHead(200, headers).end("abc"), { maxCostUsd: 1 });
    await expect(ask(request).then((answer) => answer.text())).rejects.toThrow();
  });

  it("cuts the answer of a model that has no price, whatever was asked for", async () => {
    const { ask } = await setGateway(
      (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(streamOf({ model: "other-1" })[0]);
      },
      { maxCostUsd: 1 },
    );
    await expect((await ask(request)).text()).rejects.toThrow();
  });

  it.each([
    ["no prices", { prices: undefined }],
    ["an API that nobody can read", { api: undefined }],
    ["a path that nobody can read", { paths: [{ method: "POST", path: "/v1/messages/batches" }] }],
  ] as const)("is refused for a route with %s", (_, route) => {
    const models = [{ ...routeTo("http://127.0.0.1:1"), ...route } as ModelRoute];
    const make = () => createGateway({ policy: { mode: "sealed", models, maxCostUsd: 1 } });
    expect(make).toThrow(InvalidOptionsError);
    expect(make).toThrow(/cost cannot be limited/);
  });
});
