import { createServer } from "node:http";
import { type AddressInfo, createServer as createNetServer } from "node:net";
import { budget } from "@glovebox/core";
import {
  type CostBudget,
  type EgressEvent,
  type ExceededBudget,
  type ModelApi,
  type ModelUsage,
  type PathRule,
  Secret,
} from "@glovebox/core/provider";
import { createScriptedModel, type ScriptFault, type ScriptTurn } from "@glovebox/scripted-model";
import { afterEach, describe, expect, it } from "vitest";
import { createGateway } from "../src/index.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const price = { inputUsd: 1, outputUsd: 10, cacheReadUsd: 0.1, cacheWriteUsd: 1.25 };
const prices = {
  asOf: "2026-11-20",
  models: [
    { modelPrefix: "tiny", ...price },
    { modelPrefix: "tiny-short", isExact: true, ...price, maxOutputTokens: 100 },
  ],
};

/** How a client of each API asks, in the words that the gateway reads. */
interface Client {
  readonly api: ModelApi;
  readonly paths: readonly PathRule[];
  readonly header: string;
  readonly scheme?: string;
  readonly path: (streams: boolean) => string;
  readonly body: (streams: boolean, more?: object) => object;
  /** The field that bounds the output. */
  readonly most: (tokens: number) => object;
  /** What makes the input grow, or costs more than the prices say, or is not metered. */
  readonly growing: readonly object[];
  readonly charged: readonly object[];
  readonly error: (status: number) => object;
}

const openai = { header: "authorization", scheme: "Bearer" } as const;
const openaiError = (_status: number): object => ({
  error: {
    message: expect.stringContaining("glovebox: "),
    type: expect.any(String),
    param: null,
    code: expect.anything(),
  },
});

const clients: readonly Client[] = [
  {
    ...openai,
    api: "openai-responses",
    paths: [{ method: "POST", path: "/v1/responses" }],
    path: () => "/v1/responses",
    body: (stream, more) => ({
      model: "tiny-1",
      stream,
      input: "hi",
      tools: [{ type: "function", name: "shell" }],
      ...more,
    }),
    most: (tokens) => ({ max_output_tokens: tokens }),
    growing: [
      { tools: [{ type: "web_search" }] },
      { tools: [{ type: "mcp", server_url: "https://mcp.test" }] },
      { tools: [{ type: "namespace", name: "x", tools: [{ type: "web_search" }] }] },
      { input: [{ type: "additional_tools", tools: [{ type: "web_search" }] }] },
      { input: [{ type: "unheard_of" }] },
      { prompt: { id: "pmpt_1" } },
      { reasoning: { mode: "pro" } },
      { unheard_of: 1 },
    ],
    charged: [
      { tools: [{ type: "code_interpreter" }] },
      { tools: [{ type: "file_search" }] },
      { tools: [{ type: "web_search_preview" }] },
      { prompt_cache_retention: "24h" },
      { service_tier: "priority" },
      { background: true },
    ],
    error: () => ({ error: { ...(openaiError(400) as { error: object }).error, code: null } }),
  },
  {
    ...openai,
    api: "openai-chat",
    paths: [{ method: "POST", path: "/chat/completions" }],
    path: () => "/chat/completions",
    body: (stream, more) => ({
      model: "tiny-1",
      stream,
      messages: [{ role: "user", content: "hi" }],
      tools: [{ type: "function", function: { name: "shell" } }],
      ...more,
    }),
    most: (tokens) => ({ max_completion_tokens: tokens }),
    growing: [{ web_search_options: {} }, { tools: [{ type: "web_search" }] }, { plugins: [{ id: "web" }] }],
    charged: [{ modalities: ["text", "audio"] }, { service_tier: "flex" }],
    error: openaiError,
  },
  {
    api: "google-generate",
    header: "x-goog-api-key",
    paths: [
      { method: "POST", path: "/v1beta/models/*:generateContent" },
      { method: "POST", path: "/v1beta/models/*:streamGenerateContent" },
      { method: "POST", path: "/v1beta/models/*:countTokens" },
    ],
    path: (stream) => `/v1beta/models/tiny-1:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    body: (_stream, more) => ({
      contents: [{ role: "user", parts: [{ text: "hi" }] }],
      tools: [{ functionDeclarations: [{ name: "shell" }] }],
      ...more,
    }),
    most: (tokens) => ({ generationConfig: { maxOutputTokens: tokens } }),
    growing: [
      { tools: [{ googleSearch: {} }] },
      { tools: [{ google_search: {} }] },
      { tools: [{ codeExecution: {} }] },
      { tools: [{ urlContext: {} }] },
    ],
    charged: [
      { tools: [{ googleMaps: {} }] },
      { generationConfig: { responseModalities: ["AUDIO"] } },
      { service_tier: "priority" },
      { serviceTier: 3 },
      { generationConfig: { responseModalities: "AUDIO" } },
      { contents: [{ parts: [{ fileData: { mimeType: "audio/mp3", fileUri: "https://files.test/a" } }] }] },
      { contents: [{ parts: [{ inlineData: { mimeType: null, mime_type: "audio/wav", data: "AAAA" } }] }] },
    ],
    error: (status) => ({
      error: { code: status, message: expect.stringContaining("glovebox: "), status: expect.any(String) },
    }),
  },
];

const turn: ScriptTurn = { text: "Hello there.", inputTokens: 100, cacheReadTokens: 40, outputTokens: 30 };
const turnUsd = (100 + 4 + 300) / 1e6;

/** `edit`: how a server of the user's own answers instead, which does not say what kind its answer is. */
interface StartOptions {
  readonly limit?: CostBudget;
  readonly said?: ScriptTurn;
  readonly edit?: (answer: string) => string;
}

async function start(client: Client, { limit, said = turn, edit }: StartOptions = {}) {
  const model = createScriptedModel({ script: { turns: [said] }, expectKey: "the-real-one" });
  const bodies: string[] = [];
  const { url, close } = await model.listen();
  // In between stands what looks at each body.
  const looking = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    bodies.push(Buffer.concat(chunks).toString());
    const headers = new Headers(request.headers as Record<string, string>);
    headers.delete("connection");
    headers.delete("content-length");
    try {
      const answer = await fetch(`${url}${request.url}`, { method: "POST", headers, body: Buffer.concat(chunks) });
      if (edit !== undefined) return void response.writeHead(200).end(edit(await answer.text()));
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
      for await (const chunk of answer.body ?? []) response.write(chunk);
      response.end();
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => looking.listen(0, "127.0.0.1", resolve));
  const seen = { usage: [] as ModelUsage[], exceeded: [] as ExceededBudget[], events: [] as EgressEvent[] };
  const { header, scheme, api, paths } = client;
  const credential = { header, ...(scheme && { scheme }), secret: new Secret("KEY", "the-real-one") };
  const upstream = `http://127.0.0.1:${(looking.address() as AddressInfo).port}`;
  const gateway = createGateway({
    policy: {
      mode: "sealed",
      models: [{ id: "m", upstream, paths, credential, api, prices }],
      ...(limit === undefined ? {} : { budget: limit }),
    },
    observer: {
      onUsage: (usage) => seen.usage.push(usage),
      onBudgetExceeded: (spent) => seen.exceeded.push(spent),
      onRequest: (event) => seen.events.push(event),
    },
    env: {},
  });
  const listener = createNetServer((socket) => gateway.handle(socket));
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const base = gateway.modelUrls(`http://127.0.0.1:${(listener.address() as AddressInfo).port}`).m ?? "";
  cleanups.push(
    close,
    () => looking.closeAllConnections(),
    () => looking.close(),
    () => listener.close(),
    () => gateway.close(),
  );
  const ask = (body: object | string | Buffer, path: string, headers: Record<string, string> = {}) => {
    const sent = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    return fetch(`${base}${path}`, { method: "POST", headers, body: sent });
  };
  return { ...seen, ask, bodies, base };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("the condition did not come true");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const run = (usd: number, strict = false) =>
  budget({ usd: 1000, strict: false }).child({ kind: "run", name: "", usd, strict });

describe.each(clients.map((client) => [client.api, client] as const))("%s", (_, client) => {
  it.each([true, false])(
    "reports what an answer used (as a stream: %s), with a budget and without",
    async (streams) => {
      for (const limit of [undefined, run(1)]) {
        const { ask, usage } = await start(client, { ...(limit && { limit }) });
        const answer = await ask(client.body(streams), client.path(streams));
        expect(answer.status).toBe(200);
        expect(await answer.text()).toContain("there");
        await until(() => usage.length === 1);
        expect(usage[0]).toMatchObject({ model: "tiny-1", input: 100, cacheRead: 40, output: 30 });
        expect(usage[0]?.costUsd).toBeCloseTo(turnUsd, 12);
        if (limit !== undefined) expect(usage[0]?.budget?.[0]?.spentUsd).toBeCloseTo(turnUsd, 12);
      }
    },
  );

  it("refuses what a spent budget does not cover, in its own words and without asking for another try", async () => {
    const { ask, exceeded, bodies } = await start(client, { limit: run(1e-9) });
    const refused = await ask(client.body(true), client.path(true));
    expect(refused.status).toBe(client.api === "openai-responses" ? 400 : 402);
    expect(refused.headers.get("x-should-retry")).toBe("false");
    expect(await refused.json()).toEqual(client.error(refused.status));
    expect(exceeded).toHaveLength(1);
    expect(bodies).toEqual([]);
  });

  it.each<ScriptFault>([
    { kind: "cut", afterChunks: 3 },
    { kind: "garbage", afterChunks: 3 },
  ])("estimates what a stream that breaks off used: $kind", async (fault) => {
    const limit = run(1);
    const text = "x".repeat(4000);
    const said = { text, inputTokens: 100, outputTokens: 1000, fault };
    const { ask, usage, events } = await start(client, { limit, said });
    await ask(client.body(true), client.path(true))
      .then((answer) => answer.text())
      .catch(() => "cut");
    await until(() => events.length === 1 && usage.length === 1);
    expect(usage[0]?.input).toBeGreaterThan(0);
    expect(usage[0]?.costUsd).toBeGreaterThan(0);
    expect(limit.totals[0]?.spentUsd).toBeCloseTo(usage[0]?.costUsd ?? 0, 12);
  });

  it("cuts an answer that uses more than the budget has, and refuses the next one", async () => {
    const said = { text: "x", inputTokens: 10_000_000, outputTokens: 1 };
    const { ask, exceeded } = await start(client, { limit: run(1), said });
    await ask(client.body(true), client.path(true))
      .then((answer) => answer.text())
      .catch(() => "cut");
    await until(() => exceeded.length === 1);
    expect((await ask(client.body(true), client.path(true))).status).toBeGreaterThanOrEqual(400);
  });

  it.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])(
    "reads an answer of a server that does not say what kind it is (a stream: %s, with its usage: %s)",
    async (streams, counts) => {
      const text = "x".repeat(4000);
      const limit = run(1);
      const edit = (answer: string) => (counts ? answer : answer.replace(/"(usage|usageMetadata)":/g, '"none":'));
      const { ask, usage } = await start(client, { limit, said: { ...turn, text }, edit });
      await (await ask(client.body(streams), client.path(streams))).text();
      await until(() => usage.length === 1 && limit.reservedUsd === 0);
      // Where it counts nothing, the size of both tells.
      const expected = counts ? { input: 100, output: 30 } : { input: expect.any(Number), output: 1000 };
      expect(usage[0]).toMatchObject(expected);
      expect(usage[0]?.input).toBeGreaterThan(0);
      expect(limit.totals[0]?.spentUsd).toBeCloseTo(usage[0]?.costUsd ?? 0, 12);
    },
  );

  it("lets out under a strict budget only what has a most, and never spends more", async () => {
    const limit = run(0.01, true);
    const { ask, bodies } = await start(client, { limit });
    const most = client.most(100);
    for (const more of [{}, ...client.growing.map((one) => ({ ...most, ...one })), ...client.charged]) {
      const answer = await ask(client.body(true, more), client.path(true));
      expect(answer.status, JSON.stringify(more)).toBe(client.api === "openai-responses" ? 400 : 402);
      await answer.text();
    }
    expect(bodies).toEqual([]);
    expect((await ask(client.body(true, most), client.path(true))).status).toBe(200);
    await until(() => (limit.totals[0]?.spentUsd ?? 0) > 0);
    expect(limit.totals[0]?.spentUsd).toBeCloseTo(turnUsd, 12);
  });

  it("refuses what costs more than the prices say under any limit of cost", async () => {
    const { ask, bodies } = await start(client, { limit: run(1) });
    for (const more of client.charged) {
      const answer = await ask(client.body(true, more), client.path(true));
      expect(answer.status, JSON.stringify(more)).toBe(client.api === "openai-responses" ? 400 : 402);
      await answer.text();
    }
    expect(bodies).toEqual([]);
  });

  it("does not pass what can be read in two ways", async () => {
    const { ask, bodies } = await start(client, { limit: run(1) });
    const plain = JSON.stringify(client.body(true));
    const twice = `${plain.slice(0, -1)},"tools":[]}`;
    const otherCase = `${plain.slice(0, -1)},"TOOLS":[],"tools":[]}`;
    const noUtf8 = Buffer.from(plain.replace("{", '{"x\u00ff":1,'), "latin1");
    const streamsByText = JSON.stringify({ ...client.body(true), stream: "true" });
    const bodies400 = [twice, otherCase, noUtf8, streamsByText, `\ufeff${plain}`, `${plain}${plain}`, `[${plain}]`];
    for (const body of [...bodies400, "null", "", "{"]) {
      const answer = await ask(body, client.path(true));
      expect(answer.status, String(body).slice(0, 60)).toBe(400);
      expect(await answer.json()).toHaveProperty("error.message");
    }
    expect(bodies).toEqual([]);
  });
});

it("bounds a request that does not say its most by its model, under a strict budget", async () => {
  const [client] = clients as [Client];
  const limit = run(0.01, true);
  const { ask, bodies } = await start(client, { limit });
  for (const model of ["tiny-short", "tiny-short-2026-01-01", "tiny-short-2"]) {
    await (await ask(client.body(true, { model }), client.path(true))).text();
  }
  expect(bodies.map((body) => JSON.parse(body).model)).toEqual(["tiny-short", "tiny-short-2026-01-01"]);
});

describe("a stream of Chat Completions", () => {
  const [, chat] = clients as [Client, Client];

  it("reports its usage although the client has not asked, and the client does not see that", async () => {
    const { ask, bodies, usage } = await start(chat);
    const text = await (await ask(chat.body(true), chat.path(true))).text();
    expect(JSON.parse(bodies[0] ?? "")).toMatchObject({ ...chat.body(true), stream_options: { include_usage: true } });
    expect(text).not.toMatch(/"choices":\[\]/);
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
    expect(usage).toHaveLength(1);
  });

  it("keeps the usage for a client that has asked, and asks beside what else it asks for", async () => {
    const requested = chat.body(true, { stream_options: { include_usage: true } });
    const { ask, bodies } = await start(chat);
    expect(await (await ask(requested, chat.path(true))).text()).toMatch(/"choices":\[\],.*"prompt_tokens":140/);
    expect(JSON.parse(bodies[0] ?? "")).toEqual(requested);
    const other = chat.body(true, { stream_options: { include_obfuscation: false } });
    await (await ask(other, chat.path(true))).text();
    expect(JSON.parse(bodies[1] ?? "")).toMatchObject({
      stream_options: { include_obfuscation: false, include_usage: true },
    });
  });

  it("passes as it came where nobody limits it and nobody can read it", async () => {
    const { ask, bodies } = await start(chat);
    await (await ask("no json", chat.path(true), { "content-encoding": "x-own" })).text();
    expect(bodies).toEqual(["no json"]);
  });

  it("counts what the model writes in every field, of a server that counts nothing", async () => {
    const edit = (answer: string) =>
      answer.replaceAll('"usage":', '"none":').replaceAll('"content":', '"function_call":');
    const text = "x".repeat(4000);
    const { ask, usage } = await start(chat, { limit: run(1), said: { ...turn, text }, edit });
    await (await ask(chat.body(true), chat.path(true))).text();
    await until(() => usage.length === 1);
    expect(usage[0]?.output).toBeGreaterThanOrEqual(1000);
  });

  it("takes no number that is written as a text, which some servers read", async () => {
    const { ask, bodies } = await start(chat, { limit: run(1) });
    for (const more of [{ n: "64" }, { max_completion_tokens: 10, max_tokens: "100000" }]) {
      expect((await ask(chat.body(true, more), chat.path(true))).status).toBe(400);
    }
    expect(bodies).toEqual([]);
  });

  it("counts every answer that it asks for", async () => {
    const { ask } = await start(chat, { limit: run(0.005, true) });
    const body = chat.body(true, { max_completion_tokens: 100, n: 5 });
    expect((await ask(body, chat.path(true))).status).toBe(402);
  });
});

describe("Gemini's paths and queries", () => {
  const gemini = clients[2] as Client;
  const passes = "/v1beta/models/tiny-1:generateContent";

  it.each([
    "/v1beta/models/:generateContent",
    "/v1beta/models/a/b:generateContent",
    "/v1beta/models/a%2Fb:generateContent",
    "/v1beta/models/a%3Ab:generateContent",
    "/v1beta/models/a:b:generateContent",
    "/v1beta/models/a;b:generateContent",
    "/v1beta/models/tiny-1:generateContent/",
    "/v1beta/models/tiny-1:embedContent",
    "/v1beta/models/tiny-1:batchGenerateContent",
    "/v1beta/models/tiny-1",
    "/v1beta/models//tiny-1:generateContent",
    "/v1/models/tiny-1:generateContent",
    `${passes}?key=mine`,
    `${passes}?alt=sse&key=mine`,
    `${passes}?%6bey=mine`,
    `${passes}?access_token=mine`,
    `${passes}?fields=candidates`,
    `${passes}?alt=media`,
    `${passes}?$alt=proto`,
  ])("refuses %s", async (path) => {
    const { ask, bodies } = await start(gemini);
    const answer = await ask(gemini.body(false), path);
    expect(answer.status).toBe(403);
    expect(bodies).toEqual([]);
  });

  it("passes the name of any model, and reads in both spellings what the API does", async () => {
    const { ask, bodies } = await start(gemini, { limit: run(1, true) });
    const snake = { generation_config: { max_output_tokens: 10 } };
    expect((await ask(gemini.body(false, snake), passes)).status).toBe(200);
    const both = { generationConfig: { maxOutputTokens: 10, max_output_tokens: 1000 } };
    expect((await ask(gemini.body(false, both), passes)).status).toBe(400);
    const free = await ask(gemini.body(false), "/v1beta/models/tiny-1.5_x:countTokens");
    expect(free.status).toBe(200);
    expect(bodies).toHaveLength(2);
  });
});

it("refuses a WebSocket of the Responses API with the status that makes its client use HTTP", async () => {
  const { base } = await start(clients[0] as Client);
  const { request } = await import("node:http");
  const headers = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "eA==",
  };
  const status = await new Promise((resolve, reject) => {
    const upgrade = request(`${base}/v1/responses`, { headers }, (answer) => resolve(answer.statusCode));
    upgrade.once("error", reject).end();
  });
  expect(status).toBe(426);
});
