import { execFile } from "node:child_process";
import { createServer, type IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { listen, loopback, raw, startGateway } from "./gateway-fixture.ts";

const run = promisify(execFile);
const curl = (...args: string[]) => run("curl", ["-sS", "--noproxy", "", ...args]);
const rule = (host: string, port?: number) => ({ host, source: "test", ...(port === undefined ? {} : { port }) });

async function site() {
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
    const { port, seen } = await site();
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

  it("to another host is refused, with the flag that would allow it", async () => {
    const { url, event } = await startGateway({ allow: [rule("site.test")] });
    const { stdout } = await curl("-i", "-x", url, "http://evil.test:8443/");
    expect(stdout).toMatch(/^HTTP\/1.1 403 /);
    const reason = "evil.test:8443 is not among the hosts that this run may reach";
    expect(stdout).toContain(`glovebox: ${reason} (--allow-host evil.test:8443 would allow it)\n`);
    expect(await event()).toMatchObject({
      decision: "denied",
      reason,
      hint: "--allow-host evil.test:8443",
      status: 403,
    });
  });
});

describe("a tunnel", () => {
  it("to another host is refused, with the flag that would allow it", async () => {
    const { url, port, event } = await startGateway({ allow: [rule("site.test")] });
    await expect(curl("-x", url, "https://evil.test/")).rejects.toThrow(/response 403/);
    expect(await event()).toMatchObject({
      method: "CONNECT",
      host: "evil.test",
      port: 443,
      hint: "--allow-host evil.test",
    });
    expect(await raw(port, "CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test:443\r\n\r\n")).toMatch(
      /^HTTP\/1.1 403 .*evil\.test:443 is not among/,
    );
  });
});
