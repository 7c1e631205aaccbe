import { describe, expect, it } from "vitest";
import type { Harness, ModelEndpoint } from "../../harness/harness.ts";
import type { ModelPrice } from "../../provider/model-prices.ts";
import { Secret } from "../../provider/secret.ts";
import type { RunSpec } from "../run-spec.ts";
import { modelAccess } from "./model-route.ts";

function price(modelPrefix: string, inputUsd: number): ModelPrice {
  return { modelPrefix, inputUsd, outputUsd: 1, cacheReadUsd: 1, cacheWriteUsd: 1 };
}

function specOf(more: Partial<ModelEndpoint>, spec: Partial<RunSpec> = {}): RunSpec {
  const endpoint = { id: "api", upstream: "https://api.example.com", baseUrlVariable: "URL", paths: [], ...more };
  const credential = { variable: "KEY", kind: "api-key", endpointId: "api", header: "x-api-key", placeholder: "none" };
  // Only what leads to the model is looked at.
  const harness = { id: "a-harness", endpoints: [endpoint], credentials: [credential] } as unknown as Harness;
  return { harness, credential: { variable: "KEY", secret: new Secret("KEY", "value") }, ...spec } as RunSpec;
}

describe("the prices of a run's model", () => {
  const list = { asOf: "2026-11-20", models: [price("big", 10), price("big", 20), price("small", 1)] };

  it("are the harness's list, and the caller's own go before it", () => {
    expect(modelAccess(specOf({ prices: list })).route.prices).toEqual(list);
    const own = { asOf: "2026-12-01", models: [price("big", 5), price("other", 7)] };
    expect(modelAccess(specOf({ prices: list }, { prices: own })).route.prices).toEqual({
      asOf: "2026-12-01",
      models: [price("big", 5), price("other", 7), price("small", 1)],
    });
    expect(modelAccess(specOf({}, { prices: own })).route.prices).toEqual(own);
    expect(modelAccess(specOf({})).route).not.toHaveProperty("prices");
  });

  it("are needed for a limit of cost, and so is an API that can be read", () => {
    const refused = (message: RegExp) =>
      expect.objectContaining({ code: "invalid-options", message: expect.stringMatching(message) });
    const unread = specOf({ prices: list }, { maxCostUsd: 1 });
    expect(() => modelAccess(unread)).toThrow(refused(/its usage cannot be read$/));
    const unpriced = specOf({ api: "anthropic-messages" }, { maxCostUsd: 1 });
    expect(() => modelAccess(unpriced)).toThrow(refused(/no price for any model$/));
    expect(modelAccess(specOf({ api: "anthropic-messages", prices: list }, { maxCostUsd: 1 })).route.prices).toBe(list);
  });
});
