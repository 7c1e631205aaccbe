import { afterEach, describe, expect, it } from "vitest";
import { cleanUp, request, sendMessage, sendStream, setGateway, streamOf, until } from "./metered-gateway.ts";

afterEach(cleanUp);

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
