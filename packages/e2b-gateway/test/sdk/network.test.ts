import http, { type Server } from "node:http";
import { CommandExitError, type Sandbox } from "e2b";
import { afterAll, describe, expect, test } from "vitest";
import { sdkFixture } from "./sdk-fixture.ts";

/** Addresses of this machine that are no loopback to what runs inside: two that its operator lists, and one that he does not. */
const [first, second, unlisted] = ["127.0.0.2", "127.0.0.3", "127.0.0.4"];
const everything = "0.0.0.0/0";

const { port, servers } = await serveHeaders();
const fixture = sdkFixture({ privateHosts: [`${first}:${port}`, second] });
afterAll(() => {
  for (const server of servers) server.close();
});

/** On each address, at the same port, a server that answers with the headers it got. */
async function serveHeaders() {
  const opened: Server[] = [];
  let chosen = 0;
  for (const address of [first, second, unlisted]) {
    const server = http.createServer((request, response) => response.end(JSON.stringify(request.headers)));
    await new Promise<void>((resolve) => server.listen(chosen, address, resolve));
    opened.push(server);
    const bound = server.address();
    if (typeof bound === "object" && bound !== null) chosen = bound.port;
  }
  return { port: chosen, servers: opened };
}

/** The headers that a server got from a program inside; undefined where it was not reached. */
async function reach(sandbox: Sandbox, address: string): Promise<Record<string, string> | undefined> {
  try {
    const { stdout } = await sandbox.commands.run(`curl -sf --max-time 10 http://${address}:${port}/`);
    return JSON.parse(stdout);
  } catch (error) {
    if (error instanceof CommandExitError) return undefined;
    throw error;
  }
}

async function reached(sandbox: Sandbox): Promise<readonly string[]> {
  const answers = await Promise.all([first, second, unlisted].map((address) => reach(sandbox, address)));
  return [first, second, unlisted].filter((_, index) => answers[index] !== undefined);
}

describe("what a sandbox reaches", () => {
  test("everything by default, except private addresses that the operator does not list", async () => {
    expect(await reached(await fixture.create())).toEqual([first, second]);
    expect(await reached(await fixture.create({ allowInternetAccess: true }))).toEqual([first, second]);
  });

  test("nothing without internet access", async () => {
    const sandbox = await fixture.create({ allowInternetAccess: false });
    expect(await reached(sandbox)).toEqual([]);
    expect((await sandbox.getInfo()).allowInternetAccess).toBe(false);
  });

  test("all but what is denied", async () => {
    const sandbox = await fixture.create({ network: { denyOut: [first] } });
    expect(await reached(sandbox)).toEqual([second]);
    expect((await sandbox.getInfo()).network).toMatchObject({ denyOut: [first] });
  });

  test("what is allowed, where all is denied", async () => {
    const sandbox = await fixture.create({
      network: { allowOut: [second], denyOut: ({ allTraffic }) => [allTraffic] },
    });
    expect(await reached(sandbox)).toEqual([second]);
    expect((await sandbox.getInfo()).network).toMatchObject({ allowOut: [second], denyOut: [everything] });
  });

  test("a private address never, by a client's own rules", async () => {
    const sandbox = await fixture.create({ network: { allowOut: [unlisted, first], denyOut: [everything] } });
    expect(await reached(sandbox)).toEqual([first]);
  });
});

test("rules change while the sandbox runs, all at once", async () => {
  const sandbox = await fixture.create();
  await sandbox.updateNetwork({ denyOut: [first] });
  expect(await reached(sandbox)).toEqual([second]);
  await sandbox.updateNetwork({ allowInternetAccess: false });
  expect(await reached(sandbox)).toEqual([]);
  await sandbox.updateNetwork({});
  expect(await reached(sandbox)).toEqual([first, second]);
});

test("a header is set on outbound requests, and is nowhere inside", async () => {
  const secret = "sk-only-outside";
  const sandbox = await fixture.create({
    network: { rules: { [first]: [{ transform: { headers: { "X-Api-Key": secret } } }] } },
  });
  expect(await reach(sandbox, first)).toMatchObject({ "x-api-key": secret });
  expect((await reach(sandbox, second))?.["x-api-key"]).toBeUndefined();
  const { stdout } = await sandbox.commands.run("env; cat /proc/*/environ 2> /dev/null | tr '\\0' '\\n'", {
    user: "root",
  });
  expect(stdout).not.toContain(secret);
});

test("rules that E2B refuses are refused", async () => {
  await expect(fixture.create({ network: { allowOut: ["api.example.com"] } })).rejects.toThrow(/^400: /);
  await expect(fixture.create({ network: { denyOut: ["api.example.com"] } })).rejects.toThrow(/^400: /);
  await expect(fixture.create({ network: { allowOut: ["300.1.2.3/99"], denyOut: [everything] } })).rejects.toThrow(
    /^400: /,
  );
});
