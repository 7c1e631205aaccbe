import { Secret } from "@glovebox/core/provider";
import { expect, it } from "vitest";
import { decideRoute } from "./route-decision.ts";

const paths = [
  { method: "POST", path: "/v1beta/models/*:generateContent" },
  { method: "POST", path: "/model/*/invoke" },
  { method: "POST", path: "/model/*%3A*/invoke" },
  { method: "POST", path: "/model/arn:*:*%2F*/invoke" },
  { method: "POST", path: "/projects/*/locations/*/publishers/anthropic/models/*:rawPredict" },
  { method: "GET", path: "/a.b" },
] as const;
const credential = { header: "x-key", secret: new Secret("KEY", "secret") };
const policy = { mode: "sealed", models: [{ id: "m", upstream: "https://m.test", paths, credential }] } as const;

it.each([
  ["POST", "/v1beta/models/gemini-3-pro:generateContent?alt=sse", true],
  ["POST", "/v1beta/models/gemini:other:generateContent", false],
  ["POST", "/v1beta/models/a/b:generateContent", false],
  ["POST", "/v1beta/models/:generateContent", false],
  ["POST", "/v1beta/models/gemini%3AcountTokens:generateContent", false],
  ["POST", "/model/anthropic.claude-v2/invoke", true],
  ["POST", "/model/us.anthropic.claude-haiku-4-5-v1%3A0/invoke", true],
  ["POST", "/model/a%3A0%3A1/invoke", false],
  ["POST", "/model/a%3a0/invoke", false],
  ["POST", "/model/a%2Fb/invoke", false],
  ["POST", "/model/arn:aws:profile%2Fb/invoke", true],
  ["POST", "/model/arn:aws:profile%2fb/invoke", false],
  ["POST", "/model/arn:aws:profile/b/invoke", false],
  ["POST", "/model/arn:aws:profile%2F../invoke", false],
  ["POST", "/model/arn:aws:profile%2F./invoke", false],
  ["POST", "/model/arn:aws:..%2F..%2Finvoke/invoke", false],
  ["POST", "/model/arn:aws:profile%2F%2Fb/invoke", false],
  ["POST", "/model/a%3A0/invoke/x", false],
  ["POST", "/model/../invoke", false],
  ["POST", "/projects/p/locations/us-east5/publishers/anthropic/models/claude@1:rawPredict", true],
  ["POST", "/projects/p/locations/us-east5/publishers/google/models/gemini:rawPredict", false],
  ["GET", "/a.b", true],
  ["GET", "/axb", false],
  ["POST", "/a.b", false],
])("%s %s: allowed %s", (method, target, isAllowed) => {
  expect(decideRoute(policy, method, `/model/m${target}`).allowed).toBe(isAllowed);
});
