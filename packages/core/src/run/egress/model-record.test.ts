import { expect, it } from "vitest";
import type { EgressEvent } from "../../provider/egress-policy.ts";
import { ModelRecord } from "./model-record.ts";

const request = (more: Partial<EgressEvent>): EgressEvent => ({
  ...{ host: "api.example.com", port: 443, routeId: "model", method: "POST", path: "/v1/messages" },
  ...{ decision: "allowed", status: 200, requestBytes: 1, responseBytes: 1, durationMs: 1, ...more },
});

const ofAll = (...events: readonly Partial<EgressEvent>[]) => {
  const record = new ModelRecord(() => {});
  for (const event of events) record.add(request(event), false);
  return record;
};

it.each<[readonly Partial<EgressEvent>[], boolean | undefined]>([
  [[], undefined],
  [[{ decision: "failed", status: 502, failure: "unreachable" }], undefined],
  [[{ status: 401 }], true],
  [[{ status: 403 }], false],
  [[{ status: 401 }, { status: 200 }], false],
  // A request beside it, and another try without a network.
  [[{ status: 401 }, { status: 429 }], true],
  [[{ status: 401 }, { decision: "failed", status: 502, failure: "unreachable" }], true],
  // A login that has ended while the run continued.
  [[{ status: 200 }, { decision: "failed", status: 401, failure: "unauthenticated" }], true],
  [[{ status: 401, path: "/v1/messages/count_tokens" }], undefined],
])("of %j says whether the key was rejected: %s", (events, isRejected) => {
  expect(ofAll(...events).isKeyRejected).toBe(isRejected);
});

it("takes no count of tokens for an answer of a model", () => {
  const paths = ["/v1/messages/count_tokens", "/v1beta/models/gemini:countTokens", "/m/count-tokens:rawPredict"];
  expect(ofAll(...paths.map((path) => ({ path }))).answers).toBe(0);
  expect(ofAll({}).answers).toBe(1);
});
