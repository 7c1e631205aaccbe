import { describe, expect, it } from "vitest";
import { describeHostProxy } from "./describe-host-proxy.ts";
import { type HostEnvironment, type HostProxy, hostProxyFor, hostProxyForUrl } from "./host-proxy.ts";
import { proxyVariables } from "./proxy-variables.ts";

const https = (env: HostEnvironment, host = "a.test", port = 443) => hostProxyFor({ host, port, tls: true }, env);
const http = (env: HostEnvironment, host = "a.test", port = 80) => hostProxyFor({ host, port, tls: false }, env);
const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

describe("the variable that names the host's proxy", () => {
  it.each<[HostEnvironment, string | undefined, string | undefined]>([
    [{}, undefined, undefined],
    [{ HTTPS_PROXY: "upper:1" }, "HTTPS_PROXY upper:1", undefined],
    [{ HTTPS_PROXY: "upper:1", https_proxy: "lower:1" }, "https_proxy lower:1", undefined],
    [{ HTTPS_PROXY: "upper:1", https_proxy: "" }, "HTTPS_PROXY upper:1", undefined],
    [{ HTTPS_PROXY: " ", all_proxy: "all:1" }, "all_proxy all:1", "all_proxy all:1"],
    [{ http_proxy: "lower:1" }, undefined, "http_proxy lower:1"],
    [{ HTTP_PROXY: "upper:1" }, undefined, undefined],
    [{ HTTP_PROXY: "upper:1", ALL_PROXY: "all:1" }, "ALL_PROXY all:1", "ALL_PROXY all:1"],
    [{ ALL_PROXY: "upper:1", all_proxy: "lower:1" }, "all_proxy lower:1", "all_proxy lower:1"],
    [{ HTTPS_PROXY: "own:1", ALL_PROXY: "all:1" }, "HTTPS_PROXY own:1", "ALL_PROXY all:1"],
  ])("of %j is %s for https and %s for http", (env, forHttps, forHttp) => {
    const found = [https(env), http(env)].map((proxy) => proxy && `${proxy.variable} ${proxy.host}:${proxy.port}`);
    expect(found).toEqual([forHttps, forHttp]);
  });

  it("holds for WebSockets as for http", () => {
    const env = { https_proxy: "secure:1", http_proxy: "plain:1" };
    const hostOf = (url: string) => hostProxyForUrl(new URL(url), env)?.host;
    expect(["wss://a.test/", "ws://a.test/", "ws://[::1]/", "wss://[fd00::1]/"].map(hostOf)).toEqual([
      ...["secure", "plain"],
      ...[undefined, "secure"],
    ]);
  });
});

describe("the address of a proxy", () => {
  it.each<[string, Partial<HostProxy>]>([
    ["proxy.test:3128", { host: "proxy.test", port: 3128, secure: false, href: "http://proxy.test:3128" }],
    ["proxy.test", { host: "proxy.test", port: 80 }],
    ["//proxy.test:3128", { host: "proxy.test", port: 3128 }],
    ["HTTP://PROXY.test:3128/", { host: "proxy.test", port: 3128 }],
    ["http://proxy.test:3128/a/path?q#f", { host: "proxy.test", port: 3128 }],
    ["https://proxy.test", { host: "proxy.test", port: 443, secure: true }],
    ["  http://proxy.test:3128\n", { host: "proxy.test", port: 3128 }],
    ["http://[fd00::1]:3128", { host: "fd00::1", port: 3128, href: "http://[fd00::1]:3128" }],
    ["[fd00::1]:3128", { host: "fd00::1", port: 3128 }],
    ["fd00::1", { host: "fd00::1", port: 80 }],
    ["http://fd00::1", { host: "fd00::1", port: 80 }],
    ["1:2:3:4:5:6:7:8:3128", { host: "1:2:3:4:5:6:7:8", port: 3128 }],
    ["bücher.test:1", { host: "xn--bcher-kva.test", port: 1 }],
    ["me:pass@proxy.test:1", { authorization: basic("me:pass"), href: "http://me:pass@proxy.test:1" }],
    ["http://me:50%@proxy.test:1", { authorization: basic("me:50%"), href: "http://me:50%25@proxy.test:1" }],
    ["http://me:50%zz@proxy.test:1", { authorization: basic("me:50%zz") }],
    ["http://me:a%40b%3ac@proxy.test:1", { authorization: basic("me:a@b:c") }],
    ["http://me:a@b:c@proxy.test:1", { authorization: basic("me:a@b:c"), href: "http://me:a%40b%3Ac@proxy.test:1" }],
    ["http://me:a/b?c#d@proxy.test:1", { authorization: basic("me:a/b?c#d"), host: "proxy.test" }],
    ["http://DOMAIN\\me:p ss@proxy.test:1", { authorization: basic("DOMAIN\\me:p ss") }],
    ["http://mé:pässwörd💥@proxy.test:1", { authorization: basic("mé:pässwörd💥") }],
    ["http://only-a-token@proxy.test:1", { authorization: basic("only-a-token:") }],
    ["http://:pass@proxy.test:1", { authorization: basic(":pass") }],
  ])("is read from %j", (value, expected) => {
    const proxy = https({ HTTPS_PROXY: value });
    expect(proxy).toMatchObject(expected);
    // What is passed to a library means the same there.
    const url = new URL(proxy?.href ?? "");
    if (expected.authorization !== undefined)
      expect(basic(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`)).toBe(
        expected.authorization,
      );
    expect(proxy?.shown).not.toMatch(/pass|50%|only-a-token/);
    expect(https({ HTTPS_PROXY: proxy?.href })).toEqual(proxy);
  });

  it.each([
    ["socks5://me:hunter22@proxy.test:1080", /^HTTPS_PROXY names a SOCKS proxy \(socks5\)/],
    ["socks5h://me:hunter22@proxy.test:1080", /SOCKS proxy \(socks5h\)/],
    ["SOCKS4a://hunter22@proxy.test", /SOCKS proxy \(socks4a\)/],
    ["ftp://me:hunter22@proxy.test", /^HTTPS_PROXY names a proxy that is neither http nor https$/],
    ["http://me:hunter22@", /it names no host$/],
    ["http://", /it names no host$/],
    ["http://:3128", /it names no host$/],
    ["http://me:hunter22@proxy.test:0", /its port is not one of 1 to 65535$/],
    ["http://me:hunter22@proxy.test:99999", /its port/],
    ["http://me:hunter22@proxy.test:hunter22", /its host cannot be read$/],
    ["http://me:hunter22@pro xy.test:1", /its host cannot be read$/],
    ["http://me:hunter22@[fd00::zz]:1", /not an IPv6 address$/],
    ['"http://me:hunter22@proxy.test:1"', /^HTTPS_PROXY /],
  ])("is refused in one line for %j, which names the variable and nothing secret", (value, message) => {
    const problem = (() => {
      try {
        return https({ HTTPS_PROXY: value }) as unknown;
      } catch (error) {
        return error as Error;
      }
    })();
    expect(problem).toMatchObject({ code: "unavailable", retryable: false, message: expect.stringMatching(message) });
    expect(
      JSON.stringify([problem, (problem as Error).message, describeHostProxy({ HTTPS_PROXY: value })]),
    ).not.toContain("hunter22");
    // It concerns nobody who does not need it.
    expect(https({ HTTPS_PROXY: value, NO_PROXY: "a.test" })).toBeUndefined();
    expect(http({ HTTPS_PROXY: value })).toBeUndefined();
  });
});

describe("NO_PROXY", () => {
  it.each<[list: string, host: string, covered: boolean, port?: number]>([
    ["*", "a.test", true],
    ["b.test, *", "a.test", true],
    ["a.test", "a.test", true],
    ["a.test", "x.y.a.test", true],
    [".a.test", "a.test", true],
    [".a.test", "x.a.test", true],
    ["*.a.test", "x.a.test", true],
    ["a.test", "xa.test", false],
    ["test", "a.test", true],
    ["est", "a.test", false],
    ["A.TEST", "a.test", true],
    ["a.test.", "a.test", true],
    ["a.test", "a.test.", true],
    ["a.test", "A.Test", true],
    [" b.test ,\ta.test ", "a.test", true],
    ["b.test a.test", "a.test", true],
    ["a.test:443", "a.test", true],
    ["a.test:8443", "a.test", false],
    ["a.test:8443", "a.test", true, 8443],
    ["bücher.test", "xn--bcher-kva.test", true],
    ["10.0.0.0/8", "10.1.2.3", true],
    ["10.0.0.0/8", "11.1.2.3", false],
    ["10.0.0.0/8", "10.example.test", false],
    ["10.1.2.3/8", "10.9.9.9", true],
    ["0.0.0.0/0", "8.8.8.8", true],
    ["0.0.0.0/0", "a.test", false],
    ["10.0.0.0/33", "10.0.0.1", false],
    ["10.0.0.0/x", "10.0.0.1", false],
    ["10.0.0.1", "10.0.0.1", true],
    ["0.0.1", "10.0.0.1", false],
    ["10.0.0.1:443", "10.0.0.1", true],
    ["10.0.0.1:80", "10.0.0.1", false],
    ["fd00::1", "fd00::1", true],
    ["FD00:0::1", "fd00::1", true],
    ["[fd00::1]", "fd00::1", true],
    ["[fd00::1]:443", "fd00::1", true],
    ["[fd00::1]:80", "fd00::1", false],
    ["fd00::/8", "fd12::9", true],
    ["[fd00::]/8", "fd12::9", true],
    ["fe80::/10", "fd12::9", false],
    ["10.0.0.0/8", "::ffff:10.1.2.3", true],
    ["", "a.test", false],
    [",, ,", "a.test", false],
    ["", "127.0.0.1", true],
    ["", "127.9.9.9", true],
    ["", "localhost", true],
    ["", "x.localhost", true],
    ["", "::1", true],
    ["", "::ffff:127.0.0.1", true],
    ["", "localhost.test", false],
  ])("%j covers %s: %s", (list, host, covered, port) => {
    const env = { HTTPS_PROXY: "proxy.test:1", NO_PROXY: list };
    expect(https(env, host, port) === undefined).toBe(covered);
  });

  it("is read in lower case first, and an empty one counts as unset", () => {
    const env = { HTTPS_PROXY: "proxy.test:1", NO_PROXY: "a.test" };
    expect(https({ ...env, no_proxy: "b.test" })).toBeDefined();
    expect(https({ ...env, no_proxy: "" })).toBeUndefined();
  });
});

describe("what is said about the host's proxies", () => {
  it("names each variable and its proxy without user and password, what is passed by, and what does nothing", () => {
    const env = {
      HTTPS_PROXY: "me:hunter22@proxy.test:3128",
      HTTP_PROXY: "plain.test:1",
      NO_PROXY: "corp.test,10.0.0.0/99",
    };
    expect(describeHostProxy(env)).toEqual({
      proxies: [{ scheme: "https", variable: "HTTPS_PROXY", address: "http://***@proxy.test:3128" }],
      bypass: { variable: "NO_PROXY", list: "corp.test,10.0.0.0/99" },
      notices: [
        "NO_PROXY: 10.0.0.0/99 is no host and no block of addresses, and matches nothing",
        "HTTP_PROXY does not count in upper case, as for curl: set http_proxy for plain http",
      ],
    });
    expect(describeHostProxy({ all_proxy: "socks5://hunter22@proxy.test" }).proxies).toMatchObject([
      { scheme: "https", problem: expect.stringContaining("all_proxy names a SOCKS proxy") },
      { scheme: "http" },
    ]);
  });

  it("is written out for other programs, in the cases in which it is set", () => {
    const env = {
      https_proxy: "me:50%@proxy.test:1",
      ALL_PROXY: "socks5://x.test",
      NO_PROXY: " a.test ",
      HTTP_PROXY: "",
    };
    expect(proxyVariables(env)).toEqual({
      https_proxy: "http://me:50%25@proxy.test:1",
      ALL_PROXY: "socks5://x.test",
      NO_PROXY: "a.test",
    });
  });
});
