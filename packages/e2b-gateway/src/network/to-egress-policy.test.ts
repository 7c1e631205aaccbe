import type { HostRule } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { ApiError } from "../api-error.ts";
import type { NetworkRequest } from "./network-request.ts";
import { parsePrivateHosts } from "./private-hosts.ts";
import { toEgressPolicy } from "./to-egress-policy.ts";

const all = "0.0.0.0/0";
const policy = (request: NetworkRequest, ...privateHosts: string[]) =>
  toEgressPolicy(request, { privateHosts: parsePrivateHosts(privateHosts) });
const isUsual = ({ source }: HostRule) => source === "the usual registries";
/** What is allowed, but for the usual registries. */
const hosts = (request: NetworkRequest, ...privateHosts: string[]) => {
  const rules = (policy(request, ...privateHosts).allow ?? []).filter((rule) => !isUsual(rule));
  return rules.map(({ host, port }) => (port === undefined ? host : `${host}:${port}`));
};

describe("a sandbox's egress policy", () => {
  it("is open unless something is asked for, and private addresses stay out of reach", () => {
    expect(policy({}).mode).toBe("open");
    expect(hosts({ allowInternetAccess: true, allowOut: ["10.0.0.0/8", "192.168.1.1"] })).toEqual([]);
  });

  it("is closed without internet access, and where all is denied", () => {
    expect(policy({ allowInternetAccess: false })).toEqual({ mode: "standard", models: [] });
    expect(policy({ denyOut: [all] })).toEqual({ mode: "standard", models: [] });
    expect(policy({ denyOut: ["ALL_TRAFFIC"] })).toEqual({ mode: "standard", models: [] });
  });

  it("lets what is allowed win: names at 80 and 443, addresses and blocks at every port", () => {
    const allowOut = ["Example.com", "*.example.org", "1.1.1.1", "8.8.8.0/24", "2606:4700::1"];
    expect(hosts({ denyOut: [all], allowOut })).toEqual([
      "example.com",
      "*.example.org",
      "1.1.1.1:any",
      "8.8.8.0/24:any",
      "2606:4700::1:any",
    ]);
    expect(policy({ denyOut: [all], allowOut: [all] }).mode).toBe("open");
    expect(hosts({ allowInternetAccess: false, allowOut: ["1.1.1.1"] })).toEqual(["1.1.1.1:any"]);
  });

  it("takes single addresses and blocks out of an open one", () => {
    expect(policy({ denyOut: ["8.8.8.8", "1.1.1.77/24"], allowOut: ["1.1.1.1"] })).toMatchObject({
      mode: "open",
      deny: [{ host: "8.8.8.8" }, { host: "1.1.1.0/24" }],
      allow: expect.arrayContaining([{ host: "1.1.1.1", port: "any", source: "allowOut" }]),
    });
  });

  it("opens no private address by a block that holds one", () => {
    const found = hosts({ denyOut: [all], allowOut: ["8.0.0.0/6"] }) ?? [];
    expect(found).toContain("8.0.0.0/7:any");
    expect(found).toContain("11.0.0.0/8:any");
    expect(found).toHaveLength(2);
    expect(hosts({ denyOut: [all], allowOut: ["10.1.2.3", "127.0.0.1", "169.254.169.254", "fd00::/8"] })).toEqual([]);
  });
});

describe("a usual registry", () => {
  it("may have a private address, where the client's rules let it pass", () => {
    const pypi = (request: NetworkRequest) => policy(request).allow?.filter(({ host }) => host === "pypi.org");
    expect(pypi({})).toEqual([{ host: "pypi.org", mayBePrivate: true, source: "the usual registries" }]);
    expect(pypi({ denyOut: [all] })).toBeUndefined();
    expect(pypi({ denyOut: [all], allowOut: ["pypi.org"] })?.some(({ mayBePrivate }) => mayBePrivate)).toBe(true);
  });
});

describe("what the operator lets sandboxes reach", () => {
  const operators = ["10.0.0.0/8", "192.168.0.9:5432", "wiki.test", "git.test:8443"];

  it("is reached in open mode, except for what the client denies", () => {
    expect(hosts({}, ...operators)).toEqual(["10.0.0.0/8:any", "192.168.0.9:5432", "wiki.test", "git.test:8443"]);
    expect(hosts({ denyOut: ["10.0.0.0/9", "192.168.0.9"] }, ...operators)).toEqual([
      "10.128.0.0/9:any",
      "wiki.test",
      "git.test:8443",
    ]);
  });

  it("is reached where all else is denied only as far as the client names it", () => {
    expect(policy({ denyOut: [all] }, ...operators).allow).toBeUndefined();
    expect(hosts({ denyOut: [all], allowOut: ["10.1.0.0/16", "*.test"] }, ...operators)).toEqual([
      "*.test",
      "10.1.0.0/16:any",
      "wiki.test",
      "git.test:8443",
    ]);
  });
});

describe("headers that requests get on their way", () => {
  const rules = (headers: Record<string, string>) => ({ "api.test": [{ transform: { headers } }] });

  it("are a credential of the host, its parts read from the value", () => {
    const [bearer] = policy({ rules: rules({ Authorization: "Bearer t0ken", "X-Team": "one two" }) }).credentials ?? [];
    expect(bearer).toMatchObject({ host: "api.test", header: "authorization", scheme: "Bearer" });
    expect(bearer?.secret.reveal()).toBe("t0ken");
    expect(bearer?.headers?.["x-team"]?.reveal()).toBe("one two");
    const basic = `Basic ${Buffer.from("me:pass").toString("base64")}`;
    const [login] = policy({ rules: rules({ authorization: basic }) }).credentials ?? [];
    expect(login).toMatchObject({ scheme: "Basic", username: "me" });
    expect(login?.secret.reveal()).toBe("pass");
    expect(JSON.stringify([bearer, login])).not.toMatch(/t0ken|one two|"pass"/);
  });

  it("do not open the way to the host", () => {
    const closed = { denyOut: [all], rules: rules({ "x-api-key": "k" }) };
    expect(policy(closed).credentials).toBeUndefined();
    expect(policy({ ...closed, allowOut: ["api.test"] }).credentials).toHaveLength(1);
    expect(policy({ ...closed, allowOut: ["*.test"] }).credentials).toHaveLength(1);
  });

  it("are for the ports of the operator's rules too, there without TLS", () => {
    const found = policy({ rules: rules({ "x-api-key": "k" }) }, "api.test:8080").credentials;
    expect(found?.map(({ port, tls }) => [port, tls])).toEqual([
      [undefined, undefined],
      [8080, false],
    ]);
  });
});

describe("what is refused with 400", () => {
  const refused = (request: NetworkRequest) => {
    try {
      policy(request);
    } catch (error) {
      if (error instanceof ApiError) return `${error.status} ${error.message}`;
      throw error;
    }
    return "accepted";
  };

  it("is a name that is allowed while all else is too", () => {
    const message =
      "400 When specifying allowed domains in allow out, you must include 'ALL_TRAFFIC' in deny out to block all other traffic.";
    expect(refused({ allowOut: ["example.com"] })).toBe(message);
    expect(refused({ allowOut: ["example.com"], allowInternetAccess: false })).toBe(message);
  });

  it("is a name that is denied, a port, and what is neither", () => {
    expect(refused({ denyOut: ["example.com"] })).toBe("400 invalid denied CIDR example.com");
    expect(refused({ denyOut: ["10.0.0.0/8:22"] })).toBe(
      '400 invalid deny out entry "10.0.0.0/8:22": port-specific rules are not supported for egress',
    );
    expect(refused({ allowOut: ["8.8.8.8:80"] })).toBe(
      '400 invalid allow out entry "8.8.8.8:80": port-specific rules are not supported for egress',
    );
    expect(refused({ denyOut: ["10.0.0.0/33"] })).toMatch(/^400 /);
    expect(refused({ denyOut: [all], allowOut: ["a b"] })).toMatch(/^400 /);
  });

  it("is what this deployment does not do", () => {
    expect(refused({ egressProxy: { address: "proxy.test:1080" } })).toMatch(/^400 .*egressProxy/);
    expect(refused({ rules: { "*.test": [{ transform: { headers: { a: "b" } } }] } })).toMatch(/^400 .*exact names/);
    const placeholder = { authorization: `Bearer $\{e2b.identity.tokens.aws}` };
    expect(refused({ rules: { "a.test": [{ transform: { headers: placeholder } }] } })).toMatch(/^400 .*identity/);
    expect(refused({ rules: { "a.test": [{ transform: { headers: { "x-a": "a\nb" } } }] } })).toMatch(/^400 /);
  });
});
