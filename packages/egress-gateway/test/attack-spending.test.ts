import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { cleanUp, request, sendStream, setGateway, streamOf, until } from "./metered-gateway.ts";

afterEach(cleanUp);

/** 6,000 tokens: six tenths of the limit at the full price, and a tenth of that from the cache. */
const long = { ...request, messages: [{ role: "user", content: "x".repeat(24_000) }] };
const cached = { input_tokens: 1, cache_read_input_tokens: 6000, output_tokens: 1 };
const whole = { input_tokens: 6000, output_tokens: 1 };
const maxCostUsd = 0.01;

/** A gateway that has learned that a byte of input costs a tenth of its price. */
async function cheapGateway(answer: (response: ServerResponse) => unknown) {
  let isFirst = true;
  const gateway = await setGateway(
    (response) => {
      if (!isFirst) return answer(response);
      isFirst = false;
      sendStream(response, { start: cached });
    },
    { maxCostUsd },
  );
  await (await gateway.ask(long)).text();
  return gateway;
}

describe("a limit of cost holds against", () => {
  it("many large requests at once, at a price that was learned from cheap ones", async () => {
    let received = 0;
    const { ask, usage } = await cheapGateway((response) => {
      received += 1;
      sendStream(response, { start: whole });
    });
    const asking = Array.from({ length: 40 }, async () => (await ask(long)).text().catch(() => "cut"));
    await Promise.all(asking);
    const spentUsd = usage.reduce((sum, { costUsd = 0 }) => sum + costUsd, 0);
    expect(received).toBeLessThanOrEqual(2);
    expect(spentUsd).toBeLessThan(maxCostUsd + 0.007);
  });

  it("hanging up before a response reports all that it costs, what the model thought without showing it too", async () => {
    const waiting: ServerResponse[] = [];
    const { ask, usage, events } = await cheapGateway((response) => waiting.push(response));
    const stop = new AbortController();
    const outcome = ask(long, "/v1/messages", stop.signal).catch(() => "hung up");
    await until(() => waiting.length === 1);
    stop.abort();
    expect(await outcome).toBe("hung up");
    const [response] = waiting;
    let isClosed = false;
    response?.once("close", () => {
      isClosed = true;
    });
    response?.writeHead(200, { "content-type": "text/event-stream" });
    const [start = "", ...rest] = streamOf({ start: { ...whole, input_tokens: 600 }, end: { output_tokens: 850 } });
    response?.write(start);
    for (const event of rest.slice(0, -1)) response?.write(event);
    await until(() => isClosed);
    await until(() => events.length === 2);
    expect(usage[1]).toMatchObject({ input: 600, output: 850 });
    expect(events[1]).toMatchObject({ status: 200, decision: "failed", reason: "the sandbox closed the connection" });
    expect((await ask(long)).status).toBe(402);
  });

  const hidden = [
    ["an image by its address", { messages: [block("image", { type: "url", url: "https://x.test/a.png" })] }],
    ["a document by its id", { messages: [block("document", { type: "file", file_id: "file_1" })] }],
    ["a PDF, whose pages may be small", { messages: [block("document", { type: "base64", data: "JVBERi0x" })] }],
    ["a search of the API's own", { tools: [{ type: "web_search_20250305", name: "web_search" }] }],
    ["a server of the API's own tools", { mcp_servers: [{ type: "url", url: "https://mcp.test", name: "x" }] }],
  ] as const;
  it.each(hidden)(
    "%s: such requests go one at a time where the most that they may cost is not there",
    async (_, more) => {
      const waiting: ServerResponse[] = [];
      const { ask } = await setGateway((response) => waiting.push(response), { maxCostUsd: 1 });
      const body = { ...request, ...more };
      const asking = [ask(body), ask(body), ask(body)].map(async (answer) => (await answer).text());
      for (let count = 1; count <= asking.length; count += 1) {
        await until(() => waiting.length === count);
        const response = waiting[count - 1];
        if (response !== undefined) sendStream(response, {});
      }
      await Promise.all(asking);
    },
  );

  it("a body of a million values, which would stop the host while it is read", async () => {
    let received = 0;
    const { ask } = await setGateway(() => (received += 1), { maxCostUsd });
    const body = `{"model":"tiny-1","messages":[${"{},".repeat(1_000_000)}1]}`;
    const answer = await ask(body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("cannot be read");
    const text = { ...request, messages: [{ role: "user", content: '[{,"\\'.repeat(10_000) }] };
    expect((await ask(text)).status).toBe(402);
    expect(received).toBe(0);
  });
});

function block(type: string, source: object) {
  return { role: "user", content: [{ type, source }] };
}

it("requests that are refused for what they hold are written down at most about a hundred times a second", async () => {
  const { ask, events } = await setGateway(() => {}, { maxCostUsd });
  const started = performance.now();
  await Promise.all(Array.from({ length: 250 }, async () => (await ask("{}")).text()));
  await until(() => events.length === 250);
  expect(performance.now() - started).toBeGreaterThan(1400);
});

it.each([
  ["a field twice", `{"model":"tiny-1","model":"tiny-dear","max_tokens":100,"stream":true,"messages":[]}`],
  ["a field twice, once in other letters", `{"model":"tiny-1","max_tokens":1,"max\\u005ftokens":100000,"messages":[]}`],
  [
    "a field twice deep inside",
    `{"model":"tiny-1","max_tokens":1,"messages":[{"role":"user","content":[{"type":"text","type":"image"}]}]}`,
  ],
  ["a mark of the byte order", `\ufeff${JSON.stringify(request)}`],
  ["two documents", `${JSON.stringify(request)}\n${JSON.stringify(request)}`],
])("a request that is read in two ways does not pass: %s", async (_, body) => {
  let received = 0;
  const { ask } = await setGateway(() => (received += 1), { maxCostUsd: 1 });
  const answer = await ask(body);
  expect(answer.status).toBe(400);
  expect(received).toBe(0);
});

it("the upstream reads a request as the gateway did: as JSON in UTF-8, not packed", async () => {
  const seen: unknown[] = [];
  const { ask } = await setGateway(
    (response, _body, { headers }) => {
      seen.push([headers["content-type"], headers["content-encoding"]]);
      sendStream(response, {});
    },
    { maxCostUsd: 1 },
  );
  const headers = { "content-type": "application/json; charset=utf-7", "content-encoding": "gzip" };
  expect((await ask(request, "/v1/messages", null, headers)).status).toBe(200);
  expect(seen).toEqual([["application/json", undefined]]);
});

it.each(["tiny\u200b-1", "TINY-1", "ｔiny-1", " tiny-1", "tiny", "__proto__", "constructor"])(
  "a model is priced by its exact name: %j",
  async (model) => {
    const { ask } = await setGateway((response) => sendStream(response, { model }), { maxCostUsd: 1 });
    const answer = await ask({ ...request, model });
    await answer.text();
    expect(answer.status).toBe(model.startsWith("tiny") ? 200 : 402);
  },
);

it("a request does not choose a region, which costs more than the prices say", async () => {
  const { ask } = await setGateway((response) => sendStream(response, {}), { maxCostUsd: 1 });
  expect((await ask({ ...request, inference_geo: "us" })).status).toBe(402);
  expect((await ask({ ...request, inference_geo: "global" })).status).toBe(200);
});

it.each(["/v1/messages/", "/v1/messages/batches", "/v1//messages", "/v1/messages%2f", "/v1/complete", "/v1/Messages"])(
  "nothing is sent to %s, which is not metered",
  async (path) => {
    let received = 0;
    const { ask } = await setGateway(() => (received += 1), { maxCostUsd: 1 });
    expect((await ask(request, path)).status).toBe(403);
    expect(received).toBe(0);
  },
);
