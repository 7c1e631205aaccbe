import { type EgressPolicy, Secret } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { isPausedMark, modelUrls, networkRules, paused } from "./network-rules.ts";

const key = new Secret("ANTHROPIC_API_KEY", "the-key");
const model = {
  id: "anthropic",
  upstream: "https://api.anthropic.com",
  paths: [{ method: "POST", path: "/v1/messages" }],
  credential: { header: "x-api-key", secret: key },
} as const;
const source = "a test";

function rulesOf(policy: Partial<EgressPolicy>) {
  return networkRules({ mode: "sealed", models: [], ...policy });
}

describe("E2B's network rules", () => {
  it("allow nothing in the mode none, and only models, hosts and credentials in sealed and standard", () => {
    expect(rulesOf({ mode: "none", models: [model] })).toEqual({ allowOut: [], denyOut: ["0.0.0.0/0"], rules: {} });
    expect(rulesOf({ models: [model], allow: [{ host: "*.example.com", source }] })).toEqual({
      allowOut: ["*.example.com", "api.anthropic.com"],
      denyOut: ["0.0.0.0/0"],
      rules: {
        "api.anthropic.com": [{ transform: { headers: { authorization: "", cookie: "", "x-api-key": "the-key" } } }],
      },
    });
    expect(modelUrls({ mode: "sealed", models: [model] })).toEqual({ anthropic: "https://api.anthropic.com" });
  });

  it("block private addresses and what the policy denies in the mode open", () => {
    const { allowOut, denyOut } = rulesOf({ mode: "open", deny: [{ host: "203.0.113.0/24", source }] });
    expect(allowOut).toEqual([]);
    expect(denyOut).toEqual(expect.arrayContaining(["10.0.0.0/8", "169.254.0.0/16", "203.0.113.0/24"]));
    expect(denyOut).not.toContain("0.0.0.0/0");
  });

  it("add a credential in every form (bare, with a scheme, as Basic, with other headers) and remove those from inside", () => {
    const blank = { authorization: "", cookie: "", "x-api-key": "" };
    const headersOf = (rest: object) => {
      const credential = { host: "git.example.com", header: "authorization", secret: key, source, ...rest };
      return rulesOf({ credentials: [credential] }).rules["git.example.com"]?.[0]?.transform.headers;
    };
    expect(headersOf({ header: "private-token" })).toEqual({ ...blank, "private-token": "the-key" });
    expect(headersOf({ scheme: "Bearer" })).toEqual({ ...blank, authorization: "Bearer the-key" });
    const basic = Buffer.from("someone:the-key").toString("base64");
    expect(headersOf({ scheme: "Basic", username: "someone" })).toEqual({ ...blank, authorization: `Basic ${basic}` });
    const headers = { "x-org": new Secret("ORG", "42") };
    expect(headersOf({ scheme: "Bearer", headers })).toEqual({
      ...blank,
      authorization: "Bearer the-key",
      "x-org": "42",
    });
  });

  it("reject what E2B cannot enforce: ports, and paths of a credential", () => {
    const policies: Partial<EgressPolicy>[] = [
      { allow: [{ host: "example.com", port: 8443, source }] },
      { allow: [{ host: "example.com", port: "any", source }] },
      { models: [{ ...model, upstream: "https://model.example.com:8443" }] },
      { credentials: [{ host: "example.com", port: 8443, header: "authorization", secret: key, source }] },
      { credentials: [{ host: "example.com", header: "authorization", secret: key, source, paths: [...model.paths] }] },
    ];
    for (const policy of policies) {
      expect(() => rulesOf(policy)).toThrow(expect.objectContaining({ code: "capability-unsupported" }));
    }
    expect(rulesOf({ allow: [{ host: "203.0.113.7", port: "any", source }] }).allowOut).toEqual(["203.0.113.7"]);
  });

  it("distinguish a paused sandbox from a stopped one", () => {
    expect(isPausedMark(paused.denyOut)).toBe(true);
    expect(isPausedMark(rulesOf({ mode: "none" }).denyOut)).toBe(false);
    expect(isPausedMark(undefined)).toBe(false);
  });
});
