import { describe, expect, it } from "vitest";
import { corporateProxy } from "./corporate-proxy.ts";

const env = { HTTPS_PROXY: "http://secure.test:1", HTTP_PROXY: "plain.test:2" };
const via = (more: Record<string, string>, host: string, port = 443, tls = true) =>
  corporateProxy({ ...env, ...more }, { host, port }, tls)?.host;

describe("the host's own proxy", () => {
  it("is the one of the scheme, in lower case first", () => {
    expect(via({}, "a.test")).toBe("secure.test:1");
    expect(via({}, "a.test", 80, false)).toBe("plain.test:2");
    expect(via({ https_proxy: "http://lower.test:3" }, "a.test")).toBe("lower.test:3");
    expect(via({ HTTPS_PROXY: "" }, "a.test")).toBeUndefined();
  });

  it.each([
    ["*", "a.test", true],
    ["a.test", "a.test", true],
    ["a.test", "x.a.test", true],
    [".a.test", "x.a.test", true],
    ["*.a.test", "x.a.test", true],
    ["a.test", "xa.test", false],
    ["A.TEST , b.test", "a.test", true],
    ["a.test:443", "a.test", true],
    ["a.test:8443", "a.test", false],
    ["10.0.0.0/8", "10.1.2.3", true],
    ["10.0.0.0/8", "11.1.2.3", false],
    ["10.0.0.1", "10.0.0.1", true],
    ["fd00::1", "fd00::1", true],
    ["[fd00::1]:443", "fd00::1", true],
    ["", "a.test", false],
    ["", "127.0.0.1", true],
    ["", "localhost", true],
  ])("is passed by with NO_PROXY=%s for %s: %s", (list, host, passed) =>
    expect(via({ NO_PROXY: list }, host) === undefined).toBe(passed),
  );
});
