import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Output } from "../output.ts";
import { UpdateNotice } from "./update-notice.ts";
import { wantsUpdateCheck } from "./wants-update-check.ts";

const hourMs = 60 * 60_000;

let home: string;
let server: Server;
let requests: string[];
let answer: RequestListener;
let now: number;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "glovebox-update-"));
  requests = [];
  now = Date.parse("2026-11-20T10:00:00Z");
  answer = release("1.3.0");
  server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers["user-agent"]}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(home, { recursive: true, force: true });
});

function release(version: unknown): RequestListener {
  return (_, response) => void response.end(JSON.stringify({ name: "x", version }));
}

function open(more: { readonly env?: Readonly<Record<string, string>>; readonly isTTY?: boolean } = {}) {
  const stream = Object.assign(new PassThrough(), { isTTY: more.isTTY ?? true, columns: 200 });
  const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { GLOVEBOX_HOME: home, NO_COLOR: "1", NPM_CONFIG_REGISTRY: registry, ...more.env };
  const stderr = new Output(stream, env);
  const terminal = { env, cwd: "/", stdin: process.stdin, stdout: stderr, stderr };
  return { terminal, text: () => String(stream.read() ?? "") };
}

/** One command that lasts until the registry has answered. Returns what it prints at its end. */
async function command(env: Readonly<Record<string, string>> = {}, version = "1.2.0"): Promise<string> {
  const { terminal, text } = open({ env });
  const notice = new UpdateNotice({ terminal, packageName: "@glovebox/cli", version, now: () => now });
  await notice.look();
  notice.end();
  return text();
}

describe("the update notice", () => {
  it("asks once a day, and shows one line a day", async () => {
    expect(await command()).toBe("Glovebox 1.3.0 is available, this is 1.2.0: npm install -g @glovebox/cli\n");
    expect(requests).toEqual(["GET /@glovebox/cli/latest glovebox"]);
    now += 23 * hourMs;
    expect(await command()).toBe("");
    expect(requests).toHaveLength(1);
    now += 2 * hourMs;
    expect(await command()).toContain("1.3.0");
    expect(requests).toHaveLength(2);
    expect(readdirSync(home)).toEqual(["update-check.json"]);
  });

  it("shows nothing to those who have the newest release, a newer one, or one of another form", async () => {
    for (const version of ["1.3.0", "1.3.1", "2.0.0-next.1", "main"]) expect(await command({}, version)).toBe("");
    expect(await command({}, "1.3.0-next.1")).toContain("1.3.0 is available");
  });

  it("does not wait for a registry that is silent, and another command asks an hour later", async () => {
    const { terminal, text } = open();
    const arrived = new Promise<void>((resolve) => (answer = () => resolve()));
    const notice = new UpdateNotice({ terminal, packageName: "x", version: "1.2.0", now: () => now });
    const over = notice.look();
    await arrived;
    notice.end();
    await over;
    expect(text()).toBe("");
    answer = release("1.3.0");
    now += hourMs / 2;
    expect(await command()).toBe("");
    now += hourMs;
    expect(await command()).toContain("1.3.0");
  });

  it.each([
    ["no release", release("1.4.0-next.1")],
    ["no text", release({ version: "1.4.0" })],
    ["terminal sequences", release("1.4.0\u001b[2J")],
    ["a number without end", release(`1.4.${"9".repeat(400)}`)],
    ["no JSON", (_, response) => void response.end("<html>")],
    ["an array", (_, response) => void response.end("[1]")],
    ["an error", (_, response) => void response.writeHead(500).end('{"version":"1.4.0"}')],
    ["a redirect", (_, response) => void response.writeHead(302, { location: "http://127.0.0.1:1/" }).end()],
    ["too much", (_, response) => void response.end(JSON.stringify({ version: "1.4.0", x: "x".repeat(300_000) }))],
    ["a broken connection", (_, response) => void response.socket?.destroy()],
  ] as [string, RequestListener][])("takes %s for no answer", async (_, hostile) => {
    answer = hostile;
    expect(await command()).toBe("");
    expect(readFileSync(join(home, "update-check.json"), "utf8")).not.toContain("latest");
  });

  it.each(["{", "null", "[]", '{"askAt":"x","showAt":1e99,"latest":"9.9.9\\n"}', '{"askAt":1e300}'])(
    "takes a state of %j for none",
    async (state) => {
      writeFileSync(join(home, "update-check.json"), state);
      expect(await command()).toContain("1.3.0");
    },
  );

  it("respects the user's configuration, and asks nothing where it cannot be read", async () => {
    for (const config of ['{ "updateCheck": false, /* quiet */ }', "{"]) {
      writeFileSync(join(home, "config.json"), config);
      expect(await command()).toBe("");
    }
    expect(requests).toEqual([]);
  });

  it("makes no state directory, and speaks plain HTTP to this machine alone", async () => {
    const other = join(home, "other");
    expect(await command({ GLOVEBOX_HOME: other })).toBe("");
    expect(existsSync(other)).toBe(false);
    expect(await command({ NPM_CONFIG_REGISTRY: "http://registry.test/" })).toBe("");
    expect(requests).toEqual([]);
  });

  it("asks through the host's proxy", async () => {
    const targets: (string | undefined)[] = [];
    server.on("connect", (request, socket) => {
      targets.push(request.url);
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    const { port } = server.address() as AddressInfo;
    expect(await command({ NPM_CONFIG_REGISTRY: "", HTTPS_PROXY: `http://127.0.0.1:${port}` })).toBe("");
    expect(targets).toEqual(["registry.npmjs.org:443"]);
  });
});

it("is for a terminal that somebody reads, and for nobody who does not want it", () => {
  const wants = (argv: readonly string[], more: Parameters<typeof open>[0] = {}) =>
    wantsUpdateCheck(argv, open(more).terminal);
  expect(wants(["ps"])).toBe(true);
  expect(wants(["run", "x", "--", "--json"])).toBe(true);
  for (const argv of [
    ["ps", "--json"],
    ["ps", "--json=runId"],
    ["ps", "-q"],
    ["run", "--quiet", "x"],
    ["__complete"],
    ["completion", "zsh"],
  ])
    expect(wants(argv)).toBe(false);
  expect(wants(["ps"], { isTTY: false })).toBe(false);
  for (const env of [{ CI: "1" }, { GLOVEBOX_NO_UPDATE_CHECK: "1" }, { GLOVEBOX_COMMAND: "tooling/glovebox" }])
    expect(wants(["ps"], { env })).toBe(false);
});
