import type { ServerResponse } from "node:http";
import { budget } from "@glovebox/core";
import { afterEach, describe, expect, it } from "vitest";
import { cleanUp, request, sendMessage, sendStream, setGateway, streamOf, until } from "./metered-gateway.ts";

afterEach(cleanUp);

/** A token of input that is written to the cache, and one of output, in dollars. */
const [writeUsd, outputUsd] = [1.25 / 1e6, 10 / 1e6];
const mostUsd = JSON.stringify(request).length * writeUsd + request.max_tokens * outputUsd;

const run = { kind: "run", name: "", strict: true } as const;

/** A run's budget that is strict, below one that is not. */
const strictRun = (usd: number, perAgent?: { usd: number }) =>
  budget({ usd: 1000, strict: false }).child({ ...run, usd, perAgent });

describe("a strict limit", () => {
  /** What a model may do, each with all that a request of 100 tokens of output can use. */
  const manners: readonly ((response: ServerResponse) => unknown)[] = [
    (response) => sendStream(response, { start: { input_tokens: 10, output_tokens: 1 }, end: { output_tokens: 100 } }),
    // It thinks, and shows nothing of it.
    (response) =>
      sendStream(response, { text: "", start: { input_tokens: 50, output_tokens: 1 }, end: { output_tokens: 99 } }),
    (response) =>
      sendStream(response, {
        start: { input_tokens: 0, cache_creation_input_tokens: 60, output_tokens: 1 },
        end: { output_tokens: 7 },
      }),
    // Cut before and after it has reported its input, and once without any usage.
    (response) =>
      response.writeHead(200, { "content-type": "text/event-stream" }).write(": hi", () => response.destroy()),
    (response) =>
      response
        .writeHead(200, { "content-type": "text/event-stream" })
        .write(streamOf({ start: { input_tokens: 70, output_tokens: 1 } })[0], () => response.destroy()),
    (response) => response.writeHead(200, { "content-type": "text/event-stream" }).end("event: ping\ndata: {}\n\n"),
    (response) => response.writeHead(529).end(),
    (response) => response.writeHead(200, { "content-type": "application/json" }).end("no json"),
    (response) => sendMessage(response, { input_tokens: 20, output_tokens: 100 }),
    (response) => response.destroy(),
  ];

  it.each([7, 8])("is never exceeded by hundreds of requests of ten manners, at any node (seed %i)", async (seed) => {
    let turn = seed;
    const answer = (response: ServerResponse): void => {
      turn += 1;
      manners[turn % manners.length]?.(response);
    };
    const batch = budget({ usd: 60 * mostUsd });
    const runs = Array.from({ length: 10 }, (_, index) => batch.child({ ...run, name: `${index}`, usd: 9 * mostUsd }));
    const gateways = await Promise.all(runs.map((one) => setGateway(answer, { budget: one })));
    const asking = gateways.flatMap(({ ask }, place) =>
      Array.from({ length: 30 }, async (_, index) => {
        const stop = new AbortController();
        if ((index + place) % 5 === 0) setTimeout(() => stop.abort(), index);
        const body = index % 3 === 0 ? { ...request, stream: false } : request;
        const response = await ask(body, "/v1/messages", stop.signal).catch(() => undefined);
        await response?.text().catch(() => "cut");
        expect(batch.spentUsd + batch.reservedUsd).toBeLessThanOrEqual(60 * mostUsd + 1e-9);
      }),
    );
    await Promise.all(asking);
    await until(() => batch.reservedUsd === 0);
    expect(batch.spentUsd).toBeLessThanOrEqual(60 * mostUsd + 1e-9);
    for (const one of runs) expect(one.spentUsd).toBeLessThanOrEqual(9 * mostUsd + 1e-9);
    const metered = gateways.flatMap(({ usage }) => usage).reduce((sum, { costUsd = 0 }) => sum + costUsd, 0);
    expect(metered).toBeLessThanOrEqual(batch.spentUsd + 1e-9);
    expect(metered).toBeGreaterThan(10 * mostUsd);
    expect(runs.reduce((sum, { spentUsd }) => sum + spentUsd, 0)).toBeCloseTo(batch.spentUsd, 9);
  });

  it("counts the most for a response that breaks off before the API has counted it", async () => {
    const limit = strictRun(1);
    const { ask, usage } = await setGateway(
      (response) => {
        const [start = "", , , delta = ""] = streamOf({ start: { input_tokens: 10, output_tokens: 1 } });
        response.writeHead(200, { "content-type": "text/event-stream" }).write(start + delta, () => response.destroy());
      },
      { budget: limit },
    );
    await expect((await ask(request)).text()).rejects.toThrow();
    await until(() => usage.length === 1);
    expect(usage[0]?.costUsd).toBeLessThan(50 * outputUsd);
    expect(limit.spentUsd).toBeCloseTo(10 / 1e6 + 100 * outputUsd, 12);
  });

  it("ends with the first response that reports more than its request can use: nothing leaves after it", async () => {
    const limit = strictRun(10 * mostUsd);
    const { ask, exceeded } = await setGateway(
      (response) =>
        sendStream(response, { start: { input_tokens: 900_000, output_tokens: 1 }, end: { output_tokens: 5 } }),
      { budget: limit },
    );
    await expect(ask(request).then((answer) => answer.text())).rejects.toThrow();
    expect((await ask(request)).status).toBe(402);
    expect(exceeded).toMatchObject([{ kind: "run", unit: "usd" }]);
    // What such an API charges is counted, although it is more than the limit.
    await until(() => limit.reservedUsd === 0);
    expect(limit.spentUsd).toBeGreaterThan(10 * mostUsd);
  });

  const search = [{ type: "web_search_20250305", name: "web_search" }];
  const inner = { type: "content", content: [{ type: "new_tool", tools: search }] };
  it.each([
    ["a tool that the API runs", { tools: search }],
    [
      "such a tool in the middle of the conversation",
      { messages: [{ role: "user", content: [{ type: "document", source: inner }] }] },
    ],
    ["a server of tools", { mcp_servers: [] }],
    ["a container", { container: "c1" }],
    ["a conversation that the API compacts", { context_management: { edits: [{ type: "compact_20260112" }] } }],
    ["no max_tokens", { max_tokens: undefined }],
    ["max_tokens that are no number", { max_tokens: "100000" }],
  ])("refuses %s, since the most that it can cost is not known, and the run continues", async (_, more) => {
    const { ask, exceeded } = await setGateway((response) => sendStream(response, {}), { budget: strictRun(100) });
    const refused = await ask({ ...request, ...more });
    expect(refused.status).toBe(402);
    expect(await refused.text()).toContain("a strict budget lets out only requests whose most cost is known");
    expect(exceeded).toEqual([]);
    const cleared = { context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] } };
    expect((await ask({ ...request, ...cleared, tools: [{ name: "Bash", input_schema: {} }] })).status).toBe(200);
  });

  const icon = { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } };
  const link = { type: "image", source: { type: "url", url: "https://x.test/a.png" } };
  const content = (block: object) => ({ messages: [{ role: "user", content: [block] }] });
  it.each([
    ["an image of a few bytes, which may have many pixels", content(icon), 5000],
    ["tools, whose use the API explains to the model", { tools: [{ name: "a" }] }, 1000],
    ["a tool that the API describes", { tools: [{ type: "bash_20250124", name: "bash" }] }, 2000],
    [
      "an image by its address in a document",
      content({ type: "document", source: { type: "content", content: [link] } }),
      900_000,
    ],
    ["a file in a container", content({ type: "container_upload", file_id: "file_1" }), 900_000],
  ])("reserves for %s what it can cost", async (_, more, tokens) => {
    const limit = strictRun(100);
    const waiting: ServerResponse[] = [];
    const { ask } = await setGateway((response) => waiting.push(response), { budget: limit });
    const answer = ask({ ...request, ...more });
    await until(() => waiting.length === 1);
    expect(limit.reservedUsd).toBeGreaterThan(tokens * writeUsd + 100 * outputUsd);
    if (waiting[0] !== undefined) sendStream(waiting[0], {});
    await (await answer).text();
  });

  it("reserves by the highest price that the length of a request can have", async () => {
    const limit = strictRun(100);
    const waiting: ServerResponse[] = [];
    const { ask } = await setGateway((response) => waiting.push(response), { budget: limit });
    const long = { ...request, model: "tiny-long-1", messages: [{ role: "user", content: "x".repeat(2000) }] };
    const answer = ask(long);
    await until(() => waiting.length === 1);
    // 2,000 letters are 500 tokens by the usual measure, and more than 1,000 at most: five dollars a million.
    expect(limit.reservedUsd).toBeGreaterThan((2000 * 5) / 1e6 + 100 * outputUsd);
    if (waiting[0] !== undefined) sendStream(waiting[0], { model: "tiny-long-1" });
    await (await answer).text();
  });
});

describe("a limit of tokens", () => {
  it("counts input, output and what is written to the cache, but not what is read from it", async () => {
    const limit = budget({ tokens: 10_000 });
    const { ask, usage } = await setGateway(
      (response) =>
        sendStream(response, {
          start: {
            input_tokens: 10,
            cache_read_input_tokens: 50_000,
            cache_creation_input_tokens: 5,
            output_tokens: 1,
          },
          end: { output_tokens: 20 },
        }),
      { budget: limit },
      { prices: undefined },
    );
    await (await ask({ ...request, model: "without-a-price" })).text();
    await until(() => usage.length === 1);
    expect(limit.spentTokens).toBe(35);
    expect(usage[0]).toMatchObject({ budget: [{ kind: "shared", spentTokens: 35, maxTokens: 10_000, spentUsd: 0 }] });
    const refused = await ask({ ...request, max_tokens: 9990 });
    expect(refused.status).toBe(402);
    expect(await refused.text()).toContain("the budget of 10000 tokens");
  });
});

describe("a limit for each agent", () => {
  const agents = { agentHeader: "x-agent" };
  const named = (name: string) => ["/v1/messages", null, { "x-agent": name }] as const;

  it("refuses the agent that has used it up, and neither another one nor the run", async () => {
    const limit = strictRun(100, { usd: 1.5 * mostUsd });
    const { ask, exceeded, usage } = await setGateway(manyTokens, { budget: limit }, agents);
    for (const name of ["a1", "b2"]) expect((await ask(request, ...named(name))).status).toBe(200);
    await until(() => usage.length === 2);
    const refused = await ask(request, ...named("a1"));
    expect(refused.status).toBe(402);
    expect(await refused.text()).toContain("for this sub-agent is spent");
    expect((await ask(request)).status).toBe(200);
    expect(exceeded).toMatchObject([{ kind: "agent", name: "a1", unit: "usd" }]);
    expect(usage.map(({ agentId }) => agentId).sort()).toEqual(["a1", "b2", undefined]);
    expect(usage[0]?.budget?.map(({ kind }) => kind)).toEqual(["agent", "run", "shared"]);
  });

  it("only narrows: whatever a request is called, it counts for the run", async () => {
    const limit = strictRun(3.5 * mostUsd, { usd: 50 });
    const { ask } = await setGateway(manyTokens, { budget: limit }, agents);
    const names = ["a", "b", "c".repeat(5000), "run", "", "d e", "../x"];
    const statuses: number[] = [];
    for (const name of names) {
      const answer = await ask(request, ...named(name));
      await answer.text();
      statuses.push(answer.status);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    expect(limit.spentUsd).toBeLessThanOrEqual(3.5 * mostUsd);
  });

  function manyTokens(response: ServerResponse): void {
    sendStream(response, { start: { input_tokens: 100, output_tokens: 1 }, end: { output_tokens: 100 } });
  }
});
