import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createNetServer, type Server } from "node:net";
import { text } from "node:stream/consumers";
import { budget } from "@glovebox/core";
import {
  type CostBudget,
  type EgressEvent,
  type EgressPolicy,
  type ExceededBudget,
  type ModelPrices,
  type ModelRoute,
  type ModelUsage,
  Secret,
} from "@glovebox/core/provider";
import { createGateway } from "../src/index.ts";

const cleanups: (() => unknown)[] = [];

/** Ends what the test has started. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

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

/** A policy, and what limits the run alone. */
type PolicyChange = Partial<EgressPolicy> & { readonly maxCostUsd?: number; readonly spentUsd?: number };

/** The budget of a run, below one that others share. */
export function runBudget(usd: number, spentUsd = 0, shared: CostBudget = budget({ usd: 1e6, strict: false })) {
  return shared.child({ kind: "run", name: "", usd, spent: { usd: spentUsd, tokens: 0 } });
}

export async function setGateway(
  handler: Handler,
  { maxCostUsd, spentUsd, ...policy }: PolicyChange = {},
  route: RouteChange = {},
) {
  const limit = maxCostUsd === undefined ? {} : { budget: runBudget(maxCostUsd, spentUsd, policy.budget) };
  const api = createServer(async (request, response) => handler(response, await text(request), request));
  const upstream = await listen(api);
  const seen = {
    usage: [] as ModelUsage[],
    exceeded: [] as ExceededBudget[],
    events: [] as EgressEvent[],
  };
  const gateway = createGateway({
    policy: { mode: "sealed", models: [{ ...routeTo(upstream), ...route } as ModelRoute], ...policy, ...limit },
    observer: {
      onUsage: (usage) => seen.usage.push(usage),
      onBudgetExceeded: (spent) => seen.exceeded.push(spent),
      onRequest: (event) => seen.events.push(event),
    },
    env: {},
  });
  const listener = createNetServer((socket) => gateway.handle(socket));
  const url = gateway.modelUrls(await listen(listener)).anthropic ?? "";
  cleanups.push(
    () => api.closeAllConnections(),
    () => api.close(),
    () => listener.close(),
    () => gateway.close(),
  );
  const ask = (
    body: object | string,
    path = "/v1/messages",
    signal: AbortSignal | null = null,
    headers: Record<string, string> = {},
  ) =>
    fetch(`${url}${path}`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers,
      signal,
    });
  return { ...seen, ask };
}

export function routeTo(upstream: string): ModelRoute {
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
export function streamOf({
  model = "tiny-1",
  start = { input_tokens: 100, output_tokens: 1 },
  text = "hello",
  end,
}: Use) {
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

export function sendStream(response: ServerResponse, use: Use): void {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  response.end(streamOf(use).join(""));
}

export function sendMessage(response: ServerResponse, usage: object, model = "tiny-1"): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ id: "msg_2", type: "message", model, content: [], usage }));
}

export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("the condition did not come true");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const request = { model: "tiny-1", stream: true, max_tokens: 100, messages: [] };
