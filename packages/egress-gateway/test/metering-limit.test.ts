import type { ServerResponse } from "node:http";
import { InvalidOptionsError, type ModelRoute } from "@glovebox/core/provider";
import { afterEach, describe, expect, it } from "vitest";
import { createGateway } from "../src/index.ts";
import {
  cleanUp,
  request,
  routeTo,
  runBudget,
  sendMessage,
  sendStream,
  setGateway,
  streamOf,
  until,
} from "./metered-gateway.ts";

afterEach(cleanUp);

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
    expect(exceeded).toMatchObject([{ kind: "run", unit: "usd", spentUsd: expect.any(Number), maxUsd: 0.01 }]);
    expect(exceeded[0]?.spentUsd).toBeGreaterThan(0.01);
    expect(exceeded[0]?.spentUsd).toBeLessThanOrEqual(usage[0]?.costUsd ?? 0);
    const refused = await ask(request);
    expect(refused.status).toBe(402);
    expect(refused.headers.get("x-should-retry")).toBe("false");
    expect(await refused.json()).toEqual({
      type: "error",
      error: { type: "billing_error", message: "glovebox: the limit of $0.01 for this run is spent" },
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
    expect((await ask(request)).status).toBe(402);
    expect(exceeded).toMatchObject([{ kind: "run", unit: "usd", spentUsd: expect.closeTo(0.003, 12), maxUsd: 0.003 }]);
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

  it("sets the input aside at the full price until the upstream reports it: what does not fit beside it waits", async () => {
    const waiting: ServerResponse[] = [];
    const { ask, exceeded } = await setGateway((response) => waiting.push(response), { maxCostUsd: 0.01 });
    const long = { ...request, messages: [{ role: "user", content: "x".repeat(24_000) }] };
    const answers = [ask(long), ask(long)].map(async (answer) => (await (await answer).text()).length);
    for (const count of [1, 2]) {
      await until(() => waiting.length === count);
      const response = waiting[count - 1];
      if (response !== undefined) sendStream(response, { start: { input_tokens: 10, output_tokens: 1 } });
      await answers[count - 1];
    }
    expect(exceeded).toEqual([]);
    const longer = { ...request, messages: [{ role: "user", content: "x".repeat(500_000) }] };
    expect((await ask(longer)).status).toBe(402);
  });

  it("learns from an answer what a byte of input costs", async () => {
    const { ask } = await setGateway(
      (response) =>
        sendStream(response, { start: { input_tokens: 1, cache_read_input_tokens: 6000, output_tokens: 1 } }),
      { maxCostUsd: 0.01 },
    );
    const long = { ...request, messages: [{ role: "user", content: "x".repeat(24_000) }] };
    await (await ask(long)).text();
    // Six times the full price would pass the limit; six times what the first has cost does not.
    const others = Array.from({ length: 6 }, async () => {
      const answer = await ask(long);
      await answer.text();
      return answer.status;
    });
    expect(new Set(await Promise.all(others))).toEqual(new Set([200]));
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
    expect((await ask({ ...request, messages: [{ role: "user", content: written }] })).status).toBe(402);
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
    expect((await ask({ ...request, stream: false, max_tokens: 1100 })).status).toBe(402);
    expect(seen).toHaveLength(1);
  });

  it("counts what was spent before", async () => {
    const { ask, exceeded } = await setGateway((response) => sendStream(response, {}), {
      maxCostUsd: 0.01,
      spentUsd: 0.01,
    });
    expect((await ask(request)).status).toBe(402);
    expect(exceeded).toMatchObject([{ kind: "run", unit: "usd", spentUsd: 0.01, maxUsd: 0.01 }]);
  });

  it("charges nothing for an answer that is an error", async () => {
    const { ask, exceeded } = await setGateway((response) => response.writeHead(529).end(), { maxCostUsd: 0.00005 });
    for (const _ of [1, 2, 3]) expect((await ask(request)).status).toBe(529);
    expect(exceeded).toEqual([]);
  });

  it("charges what was expected for a response that breaks off before it reports its cost", async () => {
    const { ask, exceeded } = await setGateway(
      (response) =>
        response.writeHead(200, { "content-type": "text/event-stream" }).write(": hello", () => response.destroy()),
      { maxCostUsd: 0.01 },
    );
    const long = { ...request, messages: [{ role: "user", content: "x".repeat(30_000) }] };
    await expect((await ask(long)).text()).rejects.toThrow();
    expect((await ask(long)).status).toBe(402);
    expect(exceeded).toMatchObject([{ kind: "run", unit: "usd", spentUsd: expect.closeTo(0.0075, 3), maxUsd: 0.01 }]);
  });

  it.each([
    ["a model without a price", { ...request, model: "other-1" }, 402, "the model other-1 has no price"],
    ["a speed without a price", { ...request, speed: "fast" }, 402, "the model tiny-1 at the speed fast has no price"],
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
    const make = () => createGateway({ policy: { mode: "sealed", models, budget: runBudget(1) } });
    expect(make).toThrow(InvalidOptionsError);
    expect(make).toThrow(/cost cannot be limited/);
  });
});
