import { type CostBudget, type EgressPolicy, Secret } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { createGateway } from "../gateway.ts";
import { checkPolicy } from "./check-policy.ts";

const route = {
  id: "model",
  upstream: "https://api.example.com",
  credential: { header: "x-api-key", secret: new Secret("KEY", "sk-1") },
  paths: [],
};
const credential = {
  host: "git.example.com",
  header: "authorization",
  secret: new Secret("KEY", "x"),
  source: "a test",
};

const wrong: readonly (readonly [string, Partial<EgressPolicy>])[] = [
  ["a host rule that cannot be read", { allow: [{ host: "not a host", source: "a test" }] }],
  ["a denied name", { deny: [{ host: "example.com", source: "a test" }] }],
  ["an upstream with a query", { models: [{ ...route, upstream: "https://api.example.com/?a" }] }],
  ["two credentials for one host", { credentials: [credential, credential] }],
  ["an empty credential", { credentials: [{ ...credential, secret: new Secret("KEY", "") }] }],
  [
    "a limit of cost for a model without prices",
    { models: [{ ...route, api: "anthropic-messages" }], budget: { limitsCost: true } as CostBudget },
  ],
  [
    "a limit of tokens for a model that cannot be metered",
    { models: [route], budget: { limitsCost: false } as CostBudget },
  ],
];

describe("checkPolicy", () => {
  it.each(wrong)("rejects %s, as createGateway does", (_, changes) => {
    const policy: EgressPolicy = { mode: "sealed", models: [], ...changes };
    const invalid = expect.objectContaining({ code: "invalid-options" });
    expect(() => checkPolicy(policy)).toThrow(invalid);
    expect(() => createGateway({ policy })).toThrow(invalid);
  });

  it("accepts a policy that can work", () => {
    const allow = [{ host: "*.example.com", source: "a test" }];
    expect(() => checkPolicy({ mode: "sealed", models: [route], credentials: [credential], allow })).not.toThrow();
  });
});
