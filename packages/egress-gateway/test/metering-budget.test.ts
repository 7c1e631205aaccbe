import type { ServerResponse } from "node:http";
import { budget } from "@glovebox/core";
import { afterEach, describe, expect, it } from "vitest";
import { createGateway } from "../src/index.ts";
import { cleanUp, request, routeTo, sendStream, setGateway, streamOf, until } from "./metered-gateway.ts";

afterEach(cleanUp);

/** The most that `request` can cost: its bytes as tokens that are written to the cache, and 100 tokens of output. */
const mostUsd = (JSON.stringify(request).length * 1.25 + 100 * 10) / 1e6;

const reply = (response: ServerResponse) =>
  sendStream(response, { start: { input_tokens: 10, output_tokens: 1 }, end: { output_tokens: 100 } });
const costUsd = (10 + 100 * 10) / 1e6;

describe("a budget that sandboxes share", () => {
  it("is never exceeded, however many requests come at once", async () => {
    const shared = budget({ usd: 10 * mostUsd });
    const gateways = [await setGateway(reply, { budget: shared }), await setGateway(reply, { budget: shared })];
    const answers = gateways.flatMap(({ ask }) => Array.from({ length: 10 }, () => ask(request)));
    const statuses = await Promise.all(
      answers.map(async (answer) => {
        await (await answer).text();
        return (await answer).status;
      }),
    );
    const passed = statuses.filter((status) => status === 200).length;
    expect(passed).toBe(10);
    expect(statuses.filter((status) => status === 402)).toHaveLength(10);
    const usage = gateways.flatMap((gateway) => gateway.usage);
    expect(usage.reduce((sum, one) => sum + (one.costUsd ?? 0), 0)).toBeCloseTo(passed * costUsd, 9);
    expect(shared.spentUsd).toBeCloseTo(passed * costUsd, 9);
    expect(shared.reservedUsd).toBe(0);
  });

  it("says in the refusal what is missing, and reports it once", async () => {
    const shared = budget({ usd: mostUsd / 2 });
    const { ask, exceeded } = await setGateway(reply, { budget: shared });
    const refused = await ask(request);
    expect(refused.status).toBe(402);
    expect(refused.headers.get("x-should-retry")).toBe("false");
    expect(JSON.stringify(await refused.json())).toContain(`what is left of the budget of $${mostUsd / 2}`);
    await (await ask(request)).text();
    expect(exceeded).toMatchObject([{ kind: "shared", unit: "usd", spentUsd: 0, maxUsd: mostUsd / 2 }]);
    expect(exceeded).toHaveLength(1);
  });

  it("gives back what a request no longer needs once the response reports its input", async () => {
    const shared = budget({ usd: 1 });
    const waiting: ServerResponse[] = [];
    const { ask } = await setGateway((response) => waiting.push(response), { budget: shared });
    const answer = ask(request);
    await until(() => waiting.length === 1);
    expect(shared.reservedUsd).toBeCloseTo(mostUsd, 12);
    waiting[0]?.writeHead(200, { "content-type": "text/event-stream" });
    const [start = "", ...rest] = streamOf({
      start: { input_tokens: 10, output_tokens: 1 },
      end: { output_tokens: 50 },
    });
    waiting[0]?.write(start);
    await until(() => shared.reservedUsd < mostUsd);
    expect(shared.reservedUsd).toBeCloseTo(costUsd, 12);
    waiting[0]?.end(rest.join(""));
    await (await answer).text();
    await until(() => shared.spentUsd > 0);
    expect(shared.spentUsd).toBeCloseTo((10 + 50 * 10) / 1e6, 12);
    expect(shared.reservedUsd).toBe(0);
  });

  it("cuts a response that reports more than its request can cost", async () => {
    const shared = budget({ usd: mostUsd });
    const { ask, exceeded } = await setGateway(
      (response) => sendStream(response, { start: { input_tokens: 1_000_000, output_tokens: 1 } }),
      { budget: shared },
    );
    await expect(ask(request).then((answer) => answer.text())).rejects.toThrow();
    expect(exceeded).toHaveLength(1);
    expect((await ask(request)).status).toBe(402);
  });

  it("charges nothing for what the upstream refuses, and the limit of the run holds beside it", async () => {
    const shared = budget({ usd: 1 });
    const { ask } = await setGateway((response) => response.writeHead(529).end(), { budget: shared, maxCostUsd: 1 });
    await (await ask(request)).text();
    await until(() => shared.reservedUsd === 0);
    expect(shared.spentUsd).toBe(0);
    const limited = await setGateway(reply, { budget: shared, maxCostUsd: 0.00001 });
    const refused = await limited.ask(request);
    expect(await refused.text()).toContain("the limit of $0.00001 for this run is spent");
    expect(shared.reservedUsd).toBe(0);
  });

  it("needs a route whose cost is known", () => {
    const models = [{ ...routeTo("https://api.test"), prices: undefined as never }];
    const make = () => createGateway({ policy: { mode: "sealed", models, budget: budget({ usd: 1 }) } });
    expect(make).toThrow(expect.objectContaining({ code: "invalid-options" }));
  });
});
