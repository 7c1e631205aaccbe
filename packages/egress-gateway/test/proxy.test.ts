import { execFile } from "node:child_process";
import { createServer, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { loopbackPorts } from "../src/policy/loopback-ports.ts";
import { connectProxy } from "./connect-proxy.ts";
import { listen, loopback, openTunnel, raw, startGateway, until } from "./gateway-fixture.ts";

const run = promisify(execFile);
const curl = (...args: string[]) => run("curl", ["-sS", "--noproxy", "", ...args]);
const rule = (host: string, port?: number) => ({ host, source: "test", ...(port === undefined ? {} : { port }) });

async function echoSite() {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    response.setHeader("x-site", "yes");
    request.pipe(response);
  });
  return { seen, port: await listen(server) };
}

describe("a plain request through the proxy", () => {
  it("reaches an allowed host, and is written down", async () => {
    const { port, seen } = await echoSite();
    const { url, event } = await startGateway({ allow: [rule("site.test", port), loopback(port)] });
    const { stdout } = await curl("-i", "-x", url, "-d", "hello", `http://site.test:${port}/a%2Fb?token=1`);
    expect(stdout).toMatch(/^HTTP\/1.1 200 OK\r\n.*x-site: yes/s);
    expect(stdout).toMatch(/\r\n\r\nhello$/);
    expect(seen[0]?.url).toBe("/a%2Fb?token=1");
    expect(seen[0]?.headers).toMatchObject({ host: `site.test:${port}`, "content-length": "5" });
    expect(seen[0]?.headers["proxy-connection"]).toBeUndefined();
    expect(await event()).toEqual({
      host: "site.test",
      port,
      method: "POST",
      path: "/a%2Fb",
      decision: "allowed",
      rule: `site.test:${port} (test)`,
      status: 200,
      requestBytes: 5,
      responseBytes: 5,
      durationMs: expect.any(Number),
    });
  });

  it("to another host is refused, with what would allow it in the words that the policy gives", async () => {
    const describeRemedy = (remedy: object) => `the remedy ${JSON.stringify(remedy)}`;
    const { url, event } = await startGateway({ allow: [rule("site.test")], describeRemedy });
    const { stdout } = await curl("-i", "-x", url, "http://evil.test:8443/");
    expect(stdout).toMatch(/^HTTP\/1.1 403 /);
    const reason = "evil.test:8443 is not among the hosts that this run may reach";
    expect(stdout).toContain(`glovebox: ${reason} (the remedy {"allowHost":"evil.test:8443"} would allow it)\n`);
    expect(await event()).toMatchObject({
      decision: "denied",
      reason,
      remedy: { allowHost: "evil.test:8443" },
      status: 403,
    });
  });
});

describe("a tunnel", () => {
  it("to another host is refused, with what would allow it", async () => {
    const { url, port, event } = await startGateway({ allow: [rule("site.test")] });
    await expect(curl("-x", url, "https://evil.test/")).rejects.toThrow(/response 403/);
    expect(await event()).toMatchObject({
      method: "CONNECT",
      host: "evil.test",
      port: 443,
      remedy: { allowHost: "evil.test" },
    });
    expect(await raw(port, "CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test:443\r\n\r\n")).toMatch(
      /^HTTP\/1.1 403 .*evil\.test:443 is not among/,
    );
  });
});

describe("an address", () => {
  it.each([
    ["127.0.0.1", "127.0.0.1"],
    ["127.1", "127.0.0.1"],
    ["0x7f.1", "127.0.0.1"],
    ["2130706433", "127.0.0.1"],
    ["0177.0.0.1", "127.0.0.1"],
    ["[::ffff:127.0.0.1]", "127.0.0.1"],
    ["[::1]", "::1"],
    ["169.254.169.254", "169.254.169.254"],
    ["[fd00:ec2::254]", "fd00:ec2::254"],
    ["0.0.0.0", "0.0.0.0"],
    ["[64:ff9b::a9fe:a9fe]", "64:ff9b::a9fe:a9fe"],
  ])(
    "%s is refused in the mode open, in every form, without a hint that would open this machine",
    async (text, host) => {
      const { port, event } = await startGateway({ mode: "open" });
      expect((await openTunnel(port, `${text}:443`)).head).toMatch(/^HTTP\/1.1 403 .*no rule names it/);
      const reported = await event();
      expect(reported).toMatchObject({ host, port: 443, decision: "denied" });
      expect(reported.remedy).toBeUndefined();
      expect(await raw(port, `GET http://${text}/ HTTP/1.1\r\nHost: ${text}\r\n\r\n`)).toMatch(/^HTTP\/1.1 403 /);
    },
  );

  it("that an allowed name resolves to is refused unless a rule names it", async () => {
    const { port: site } = await echoSite();
    for (const [address, scope, remedy] of [
      ["10.1.2.3", "a private", { allowHost: `10.1.2.3:${site}` }],
      ["127.0.0.1", "a loopback", undefined],
    ] as const) {
      const resolve = async () => [address ?? ""];
      const { port, event } = await startGateway({ mode: "open", allow: [rule("site.test", site)] }, { resolve });
      expect((await openTunnel(port, `site.test:${site}`)).head).toMatch(/^HTTP\/1.1 403 /);
      const reported = await event();
      const reason = `site.test resolves to ${address}, ${scope} address that no rule names`;
      expect(reported).toMatchObject({ decision: "denied", reason });
      expect(reported.remedy).toEqual(remedy);
    }
  });

  it.each(["localhost", "a.localhost", "localhost.localdomain", "ip6-localhost", "127.0.0.2", "[::1]", "0.0.0.0"])(
    "%s is named as the sandbox itself, without a hint that would open this machine",
    async (host) => {
      const { port, event } = await startGateway({});
      expect((await openTunnel(port, `${host}:8080`)).head).toMatch(/^HTTP\/1.1 403 .*is the sandbox itself/);
      expect((await event()).remedy).toBeUndefined();
    },
  );

  it("of loopback is the host's at the ports that the policy's rules name", () => {
    const ports = (...allow: readonly (readonly [string, (number | "any")?])[]) =>
      loopbackPorts({
        mode: "sealed",
        models: [],
        allow: allow.map(([host, port]) => ({ host, ...(port === undefined ? {} : { port }), source: "test" })),
      });
    expect(ports(["a.test", 1], ["10.0.0.0/8", 2], ["*.test"], ["128.0.0.0/8", 3], ["fd00::/8"])).toEqual([]);
    expect(ports(["127.0.0.1", 1], ["localhost", 2], ["*.localhost", 3], ["[::1]", 4], ["127.0.0.0/8", 5])).toEqual([
      1, 2, 3, 4, 5,
    ]);
    expect(ports(["127.1.0.0/16", 6], ["0.0.0.0/0", 7], ["::/0", 8], ["2130706433", 9])).toEqual([6, 7, 8, 9]);
    expect(ports(["127.0.0.1"])).toEqual([80, 443]);
    expect(ports(["127.0.0.1", "any"], ["localhost", 1])).toBe("any");
  });

  it("is taken from those that are permitted", async () => {
    const { port: site } = await echoSite();
    const { url } = await startGateway(
      { allow: [rule("site.test", site), rule("127.0.0.0/8", site)] },
      { resolve: async () => ["169.254.169.254", "10.0.0.1", "127.0.0.1"] },
    );
    expect((await curl("-x", url, "-d", "x", `http://site.test:${site}/`)).stdout).toBe("x");
  });

  it("is the one that was checked: a second answer of the resolver is never used", async () => {
    const { port: site, seen } = await echoSite();
    let requestCount = 0;
    const { url, event } = await startGateway(
      { allow: [rule("site.test", site), rule("192.0.2.1", site)] },
      {
        limits: { connectTimeoutMs: 200 },
        resolve: async () => {
          requestCount += 1;
          return [requestCount === 1 ? "192.0.2.1" : "127.0.0.1"];
        },
      },
    );
    await curl("-x", url, `http://site.test:${site}/`);
    expect(await event()).toMatchObject({ decision: "failed" });
    expect(requestCount).toBe(1);
    await curl("-x", url, `http://site.test:${site}/`);
    expect(await event()).toMatchObject({ decision: "denied" });
    expect(seen).toEqual([]);
  });

  it("of a name that has none is said to be missing", async () => {
    const missing = Object.assign(new Error("no"), { code: "ENOTFOUND" });
    const { url, event } = await startGateway(
      { allow: [rule("site.test")] },
      { resolve: () => Promise.reject(missing) },
    );
    expect((await curl("-x", url, "http://site.test/")).stdout).toContain("site.test cannot be resolved from the host");
    expect(await event()).toMatchObject({ decision: "failed", status: 502 });
  });
});

describe("a redirect", () => {
  it("is not followed, and its target is refused when it is asked for", async () => {
    const server = createServer((_request, response) =>
      response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data" }).end(),
    );
    const site = await listen(server);
    const { url, event } = await startGateway({ allow: [rule("site.test", site), loopback(site)] });
    expect((await curl("-i", "-x", url, `http://site.test:${site}/`)).stdout).toMatch(/^HTTP\/1.1 302 /);
    expect(await event()).toMatchObject({ decision: "allowed", status: 302 });
    expect((await curl("-L", "-x", url, `http://site.test:${site}/`)).stdout).toMatch(/not among the hosts/);
    await event();
    expect(await event()).toMatchObject({ host: "169.254.169.254", decision: "denied" });
  });
});

describe("a request that two parsers could read differently", () => {
  const head = (target: string, ...lines: string[]) => [`POST ${target} HTTP/1.1`, ...lines, "", ""].join("\r\n");
  const host = "Host: site.test:PORT";
  const own = "http://site.test:PORT/";
  const forms: [string, string][] = [
    ["a length and a transfer encoding", head(own, host, "Content-Length: 5", "Transfer-Encoding: chunked")],
    ["two lengths", head(own, host, "Content-Length: 5", "Content-Length: 6")],
    ["two lengths in one", head(own, host, "Content-Length: 5, 6")],
    ["a length with a sign", head(own, host, "Content-Length: +5")],
    ["an unknown transfer encoding", head(own, host, "Transfer-Encoding: xchunked")],
    ["chunked before another encoding", head(own, host, "Transfer-Encoding: chunked, identity")],
    ["two transfer encodings", head(own, host, "Transfer-Encoding: chunked", "Transfer-Encoding: identity")],
    ["a space before the colon", head(own, host, "Transfer-Encoding : chunked")],
    ["a folded header", head(own, host, "X-A: b", " Transfer-Encoding: chunked")],
    ["a header without a colon", head(own, host, "Transfer-Encoding")],
    ["line ends without a return", `POST ${own} HTTP/1.1\n${host}\nContent-Length: 0\n\n`],
    ["one line end without a return", `POST ${own} HTTP/1.1\r\n${host}\r\nX-A: b\nTransfer-Encoding: chunked\r\n\r\n`],
    ["a return inside a header", head(own, host, "X-A: b\rX-B: c")],
    ["a zero byte in a header", head(own, host, "X-A: b\0c")],
    ["two hosts", head(own, host, "Host: evil.test")],
    ["two hosts alike", head(own, host, host)],
    ["no host", head(own)],
    ["no host, and an expectation of its own", head(own, "Expect: nothing")],
    ["another host", head(own, "Host: evil.test")],
    ["another port", head(own, "Host: site.test:1")],
    ["a host that is no host", head(own, "Host: site.test:PORT@evil.test")],
    ["a target with a user that hides the host", head("http://site.test:PORT@evil.test/", host)],
    ["a target with a backslash", head("http://site.test:PORT\\@evil.test/", host)],
    ["a target with a fragment", head("http://evil.test#@site.test:PORT/", host)],
    ["a target of another scheme", head("ftp://site.test:PORT/", host)],
    ["a target over TLS", head("https://site.test:PORT/", host)],
    ["a target without a host", head("http:///", host)],
    ["a port out of range", head("http://site.test:99999/", host)],
    ["headers too large", head(own, host, `X-A: ${"a".repeat(40_000)}`)],
    ["a target too long", head(`${own}${"a".repeat(40_000)}`, host)],
    ["an upgrade with a body", head(own, host, "Connection: upgrade", "Upgrade: websocket", "Content-Length: 5")],
  ];
  it.each(forms)("%s is refused", async (_name, form) => {
    const { port: site, seen } = await echoSite();
    const { port, event } = await startGateway({ allow: [rule("site.test", site), loopback(site)] });
    const request = form.replaceAll("PORT", String(site));
    expect(await raw(port, request)).toMatch(/^HTTP\/1.1 40[03] /);
    expect(await event()).toMatchObject({ decision: "denied" });
    expect(seen).toEqual([]);
  });

  it("cannot smuggle a second one in the body of the first", async () => {
    const { port: site, seen } = await echoSite();
    const { port } = await startGateway({ allow: [rule("site.test", site), loopback(site)] });
    const hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
    const body = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;
    const request = `GET http://site.test:${site}/ HTTP/1.1\r\nHost: site.test:${site}\r\nConnection: close, transfer-encoding\r\nTransfer-Encoding: chunked\r\n\r\n${body}`;
    expect(await raw(port, request)).toMatch(/^HTTP\/1.1 200 .*GET \/hidden/s);
    expect(seen.map(({ url }) => url)).toEqual(["/"]);
    expect(seen[0]?.headers["transfer-encoding"]).toBe("chunked");
  });
});

describe("the host's own proxy", () => {
  const env = (port: number) => ({
    http_proxy: `user:p%40ss@127.0.0.1:${port}`,
    HTTPS_PROXY: `http://user:p%40ss@127.0.0.1:${port}`,
    NO_PROXY: "direct.test,.inside.test,10.0.0.0/8",
  });

  it("is asked for the host by its name, with its own password", async () => {
    const { port: site } = await echoSite();
    const proxy = await connectProxy(() => site);
    const options = { env: env(proxy.port), resolve: async () => ["93.184.216.34"] };
    const { url, port, event } = await startGateway({ allow: [rule("site.test")] }, options);
    expect((await curl("-x", url, "-d", "x", "-H", "Proxy-Authorization: mine", "http://site.test/")).stdout).toBe("x");
    const authorization = `Basic ${Buffer.from("user:p@ss").toString("base64")}`;
    expect(await event()).toMatchObject({ decision: "allowed" });
    await openTunnel(port, "site.test:443");
    const authorities = ["http://site.test", "site.test:443"];
    expect(proxy.seen).toEqual(authorities.map((authority) => ({ authority, authorization })));
  });

  it("resolves what does not resolve here, and is not asked for what resolves to a private address", async () => {
    const { port: site } = await echoSite();
    const proxy = await connectProxy(() => site);
    const resolve = async (host: string) => {
      if (host === "site.test") throw Object.assign(new Error("no"), { code: "ENOTFOUND" });
      return ["10.0.0.1"];
    };
    const { url, event } = await startGateway({ mode: "open" }, { env: env(proxy.port), resolve });
    expect((await curl("-x", url, "-d", "x", "http://site.test/")).stdout).toBe("x");
    await event();
    for (const host of ["private.test", "10.0.0.1", "127.0.0.1"]) {
      await curl("-x", url, `http://${host}/`);
      expect(await event()).toMatchObject({ host, decision: "denied" });
    }
    expect(proxy.seen).toHaveLength(1);
  });

  it("is bypassed where NO_PROXY says so, and its refusal is reported", async () => {
    const { port: site } = await echoSite();
    const proxy = await connectProxy(() => 1);
    const allow = [rule("direct.test", site), rule("a.inside.test", site), rule("site.test"), loopback(site)];
    const resolve = async (host: string) => [host === "site.test" ? "93.184.216.34" : "127.0.0.1"];
    const { url, port, event, events } = await startGateway({ allow }, { env: env(proxy.port), resolve });
    for (const host of ["direct.test", "a.inside.test"]) {
      expect((await curl("-x", url, "-d", "x", `http://${host}:${site}/`)).stdout).toBe("x");
      await event();
    }
    expect((await openTunnel(port, "site.test:443")).head).toMatch(/^HTTP\/1.1 502 /);
    expect(await event()).toMatchObject({ decision: "failed", status: 502 });
    expect((await curl("-i", "-x", url, "http://site.test/unauthorized")).stdout).toMatch(/^HTTP\/1.1 502 /);
    expect(await event()).toMatchObject({
      decision: "failed",
      reason: expect.stringContaining("proxy of http_proxy refused"),
    });
    expect(JSON.stringify(events)).not.toContain("p@ss");
  });
});

describe("a sender that waits for 100 Continue", () => {
  it("gets it only once its request is allowed, and the final response otherwise", async () => {
    const { port: site, seen } = await echoSite();
    const { port } = await startGateway({ allow: [rule("site.test", site), loopback(site)] });
    const ask = (host: string, ...lines: string[]) =>
      raw(port, [`PUT http://${host}/ HTTP/1.1`, `Host: ${host}`, "Expect: 100-continue", ...lines].join("\r\n"));
    expect(await ask("evil.test", "Content-Length: 5", "", "")).toMatch(/^HTTP\/1.1 403 /);
    expect(await ask(`site.test:${site}`, "Content-Length: 5", "Connection: close", "", "hello")).toMatch(
      /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 .*hello/s,
    );
    expect(seen[0]?.headers.expect).toBeUndefined();
  });
});

describe("bounds", () => {
  it("a refused request is written down at most about a hundred times a second", async () => {
    const { url, events } = await startGateway({});
    const started = performance.now();
    await Promise.all(Array.from({ length: 250 }, () => fetch(`${url}/nothing`)));
    expect(events).toHaveLength(250);
    expect(performance.now() - started).toBeGreaterThan(1400);
  });

  it("a sandbox that does not read holds the host up, and not the gateway's memory", async () => {
    let sent = 0;
    const server = createServer((_request, response) => {
      const push = () => {
        while (sent < 512 * 1024 * 1024) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return void response.once("drain", push);
        }
        response.end();
      };
      push();
    });
    const site = await listen(server);
    const { port } = await startGateway({ allow: [rule("site.test", site), loopback(site)] });
    for (const head of ["", `CONNECT site.test:${site} HTTP/1.1\r\nHost: x\r\n\r\n`]) {
      sent = 0;
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => {}).pause();
      const target = head === "" ? `http://site.test:${site}/` : "/";
      socket.write(`${head}GET ${target} HTTP/1.1\r\nHost: site.test:${site}\r\n\r\n`);
      await until(() => sent > 0);
      let still = 0;
      for (let before = sent; still < 40; before = sent) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        still = sent === before ? still + 1 : 0;
      }
      expect(sent).toBeLessThan(64 * 1024 * 1024);
      socket.destroy();
    }
  });

  it("more connections than the limit are not served", async () => {
    const site = await listen(createServer(() => undefined));
    const allow = [rule("site.test", site), loopback(site)];
    const { port } = await startGateway({ allow }, { limits: { connections: 1 } });
    expect((await openTunnel(port, `site.test:${site}`)).head).toMatch(/^HTTP\/1.1 200 /);
    expect((await openTunnel(port, `site.test:${site}`)).head).toBe("");
  });

  it("a host that never answers is given up, and so is one that never connects", async () => {
    const silent = await listen(createServer(() => undefined));
    const { url, event } = await startGateway(
      { allow: [rule("site.test", silent), loopback(silent)] },
      { limits: { idleTimeoutMs: 100 } },
    );
    expect((await curl("-i", "-x", url, `http://site.test:${silent}/`)).stdout).toMatch(/^HTTP\/1.1 504 /);
    expect(await event()).toMatchObject({ decision: "failed", status: 504 });
  });

  it("closing ends requests and tunnels that are under way", async () => {
    let requestCount = 0;
    const silent = await listen(createServer(() => (requestCount += 1)));
    const { url, port, event, gateway } = await startGateway({ allow: [rule("site.test", silent), loopback(silent)] });
    const { socket } = await openTunnel(port, `site.test:${silent}`);
    const request = curl("-x", url, `http://site.test:${silent}/`).then(
      () => "answered",
      () => "cut",
    );
    await until(() => requestCount === 1);
    await gateway.close();
    expect(await request).toBe("cut");
    expect(await text(socket)).toBe("");
    expect([(await event()).decision, (await event()).decision]).toEqual(["failed", "failed"]);
  });

  it("closing waits for no look-up and no refusal", async () => {
    const { port, gateway, events } = await startGateway(
      { allow: [rule("slow.test")] },
      { resolve: () => new Promise(() => {}), limits: { connectTimeoutMs: 3_600_000 } },
    );
    const hosts = ["slow.test", ...Array.from({ length: 200 }, () => "evil.test")];
    const tunnels = Promise.allSettled(hosts.map((host) => openTunnel(port, `${host}:443`)));
    await until(() => events.length >= 100);
    await gateway.close();
    await tunnels;
    expect(events.filter(({ decision }) => decision === "failed")).toHaveLength(1);
  });
});
