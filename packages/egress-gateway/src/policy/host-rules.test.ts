import { type HostRule, InvalidOptionsError, Secret } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { HostRules } from "./host-rules.ts";

const rule = (host: string, port?: HostRule["port"]) => ({
  host,
  source: "test",
  ...(port === undefined ? {} : { port }),
});
const sealed = (...allow: HostRule[]) => new HostRules({ mode: "sealed", models: [], allow });
const allowed = (rules: HostRules, host: string, port = 443) => rules.decide({ host, port }).allowed;

describe("a host's rule", () => {
  it("without a port is for 80 and 443, and with one for it alone", () => {
    const rules = sealed(rule("a.test"), rule("b.test", 8443));
    expect([80, 443, 8443].map((port) => allowed(rules, "a.test", port))).toEqual([true, true, false]);
    expect([80, 443, 8443].map((port) => allowed(rules, "b.test", port))).toEqual([false, false, true]);
  });

  it("with any port is for every one, a private address's own too", () => {
    const rules = sealed(rule("a.test", "any"), rule("10.0.0.5", "any"));
    for (const port of [22, 80, 443, 8443]) {
      expect(rules.decide({ host: "a.test", port })).toMatchObject({ allowed: true, anyProtocol: port !== 443 });
      expect(rules.refuseAddress("10.0.0.5", { host: "10.0.0.5", port })).toBeUndefined();
    }
    expect(allowed(rules, "b.test")).toBe(false);
  });

  it("with *. is for every name below, and neither the name itself nor one that ends alike", () => {
    const rules = sealed(rule("*.a.test"));
    expect(["x.a.test", "x.y.a.test", "a.test", "xa.test"].map((host) => allowed(rules, host))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("of an address or a block is for addresses alone", () => {
    const rules = sealed(rule("10.1.0.0/16"), rule("::1"), rule("192.168.0.1"));
    expect(["10.1.255.1", "10.2.0.1", "::1", "192.168.0.1"].map((host) => allowed(rules, host))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it.each(["", "*", "*.", "a b", "*.10.0.0.1", "10.0.0.0/33", "http://a.test", "a.*.test"])("%j is refused", (host) => {
    expect(() => sealed(rule(host))).toThrow(InvalidOptionsError);
  });
});

describe("an address that is not public", () => {
  const target = (host: string, port: number) => ({ host, port });

  it("is refused, with what would allow it", () => {
    expect(sealed(rule("a.test")).refuseAddress("10.0.0.5", target("a.test", 443))).toEqual({
      reason: "a.test resolves to 10.0.0.5, a private address that no rule names",
      advice: { remedy: { allowHost: "10.0.0.5" } },
    });
    expect(sealed().refuseAddress("fd00::1", target("fd00::1", 8080))).toEqual({
      reason: "fd00::1 is a private address, and no rule names it",
      advice: { remedy: { allowHost: "[fd00::1]:8080" } },
    });
  });

  it("is reached by a name whose rule says that it may be private, at that name's ports, but for a cloud's own", () => {
    const rules = sealed({ ...rule("a.test", 8443), mayBePrivate: true }, rule("b.test", 8443));
    for (const address of ["10.0.0.5", "127.0.0.1", "fd00::1", "100.64.0.1", "203.0.113.1"]) {
      expect(rules.refuseAddress(address, target("a.test", 8443))).toBeUndefined();
      expect(rules.refuseAddress(address, target("a.test", 443))).toBeDefined();
      expect(rules.refuseAddress(address, target("b.test", 8443))).toBeDefined();
      expect(rules.refuseAddress(address, target(address, 8443))).toBeDefined();
    }
    for (const address of ["169.254.169.254", "169.254.1.1", "fe80::1", "fd00:ec2::254", "0.0.0.0", "224.0.0.1"]) {
      expect(rules.refuseAddress(address, target("a.test", 8443))).toBeDefined();
    }
  });

  it("is reached by a name on that name's ports, where a rule names it without a port", () => {
    const rules = sealed(rule("a.test", 8443), rule("10.0.0.0/8"));
    expect(rules.refuseAddress("10.0.0.5", target("a.test", 8443))).toBeUndefined();
    expect(rules.refuseAddress("10.0.0.5", target("10.0.0.5", 443))).toBeUndefined();
    expect(rules.refuseAddress("10.0.0.5", target("10.0.0.5", 8443))).toBeDefined();
    expect(rules.refuseAddress("192.168.0.1", target("a.test", 8443))).toBeDefined();
  });

  it("is reached on its rule's port alone, also in the mode open by a name that no rule names", () => {
    const open = new HostRules({ mode: "open", models: [], allow: [rule("10.0.0.5"), rule("10.0.0.6", 9000)] });
    expect(open.refuseAddress("10.0.0.5", target("evil.test", 22))).toBeDefined();
    expect(open.refuseAddress("10.0.0.5", target("evil.test", 443))).toBeUndefined();
    expect(open.refuseAddress("10.0.0.6", target("evil.test", 443))).toBeDefined();
    expect(open.refuseAddress("10.0.0.6", target("evil.test", 9000))).toBeUndefined();
  });
});

describe("what is denied", () => {
  const open = (...allow: HostRule[]) =>
    new HostRules({ mode: "open", models: [], allow, deny: [{ host: "5.6.7.0/24", source: "test" }] });

  it("is reached neither directly nor by a name, and the rest is", () => {
    const denied = open().refuseAddress("5.6.7.7", { host: "5.6.7.7", port: 443 });
    expect(denied).toEqual({ reason: "5.6.7.7 is denied by 5.6.7.0/24 (test)" });
    expect(open().refuseAddress("5.6.7.7", { host: "a.test", port: 80 })).toBeDefined();
    expect(open().refuseAddress("198.51.101.7", { host: "198.51.101.7", port: 443 })).toBeUndefined();
  });

  it("is reached where a rule allows the address or the name, on the rule's ports", () => {
    const rules = open(rule("5.6.7.7", "any"), rule("a.test"));
    expect(rules.refuseAddress("5.6.7.7", { host: "5.6.7.7", port: 22 })).toBeUndefined();
    expect(rules.refuseAddress("5.6.7.8", { host: "5.6.7.8", port: 22 })).toBeDefined();
    expect(rules.refuseAddress("5.6.7.8", { host: "a.test", port: 443 })).toBeUndefined();
    expect(rules.refuseAddress("5.6.7.8", { host: "a.test", port: 22 })).toBeDefined();
  });

  it("is an address: a name is refused", () => {
    const deny = [{ host: "a.test", source: "test" }];
    expect(() => new HostRules({ mode: "open", models: [], deny })).toThrow(InvalidOptionsError);
  });
});

describe("the modes", () => {
  it("open lets every host pass, none lets no host pass", () => {
    expect(allowed(new HostRules({ mode: "open", models: [] }), "any.test", 22)).toBe(true);
    expect(allowed(new HostRules({ mode: "none", models: [], allow: [rule("a.test")] }), "a.test")).toBe(false);
  });
});

describe("a host with credentials", () => {
  const secret = new Secret("T", "v");
  const credential = (host: string, port: number) => ({ host, port, header: "authorization", secret, source: "test" });
  const model = { id: "m", upstream: "https://api.test", paths: [], credential: { header: "x", secret } };

  it("may have one for each port, and is refused on any other", () => {
    const credentials = [credential("git.test", 443), credential("git.test", 8443)];
    const rules = new HostRules({ mode: "open", models: [], credentials });
    const found = [443, 8443, 80].map((port) => rules.decide({ host: "git.test", port }));
    expect(found.map((one) => one.allowed && one.credential)).toEqual([...credentials, false]);
  });

  it("that is not guarded is reached on other ports as if it had none", () => {
    const rules = new HostRules({
      mode: "open",
      models: [],
      credentials: [{ ...credential("a.test", 443), guarded: false }],
    });
    const found = [443, 80].map((port) => rules.decide({ host: "a.test", port }));
    expect(found.map((one) => one.allowed && one.credential !== undefined)).toEqual([true, false]);
    expect(found.every(({ allowed }) => allowed)).toBe(true);
    expect(rules.reserved).toEqual([]);
  });

  it("is refused where it is a model's too", () => {
    const rules = new HostRules({ mode: "open", models: [model], credentials: [credential("api.test", 443)] });
    expect(rules.decide({ host: "api.test", port: 443 })).toMatchObject({ allowed: false });
  });

  it("on loopback leaves the other ports alone", () => {
    const rules = new HostRules({
      mode: "sealed",
      models: [],
      credentials: [credential("127.0.0.1", 1000)],
      allow: [rule("127.0.0.1", 2000)],
    });
    expect([1000, 2000, 443].map((port) => allowed(rules, "127.0.0.1", port))).toEqual([true, true, false]);
  });
});
