import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningServer, startServer } from "./running-server.ts";

const localhostNames = fileURLToPath(
  new URL("../../../packages/e2b-gateway/test/sdk/localhost-names.ts", import.meta.url),
);

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => server[Symbol.asyncDispose]());

/** Runs a program as it is, as a process of its own with no other of E2B's variables, and gives what it printed. */
async function run(program: string, variables: Record<string, string>): Promise<string[]> {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("E2B_") && name !== "NODE_OPTIONS");
  const { stdout } = await execa(process.execPath, [fileURLToPath(new URL(`../${program}.ts`, import.meta.url))], {
    env: { ...Object.fromEntries(others), ...variables },
    extendEnv: false,
    timeout: 240_000,
  });
  return stdout.split("\n");
}

const byAddress = () => server.byAddress;
const byDomain = () => ({ ...server.byDomain, NODE_OPTIONS: `--import=${localhostNames}` });

const started = [
  expect.stringMatching(/^Sandbox [a-z0-9]+ of \S+ is running$/),
  "Hello from E2B!",
  "user in /home/user",
  "Killed: true",
];

test("start", async () => {
  expect(await run("start", byAddress())).toEqual(started);
});

test("start, by a domain of one's own", async () => {
  expect(await run("start", byDomain())).toEqual(started);
});

test("stream", async () => {
  const lines = await run("stream", byAddress());
  expect(lines.filter((line) => !line.startsWith("[stderr]"))).toEqual([
    "[stdout] step 1",
    "[stdout] step 2",
    "[stdout] step 3",
    "exit code 0",
    'failed with 3 after "partly done"',
  ]);
  expect(lines).toContain("[stderr] a warning");
});

test("upload", async () => {
  expect(await run("upload", byAddress())).toEqual([
    "-rw-r--r-- 6 /home/user/data/one.bin",
    "-rw-r--r-- 8 /home/user/data/three.txt",
    "-rw-r--r-- 6 /home/user/data/two.txt",
    "downloaded a gzip archive: true",
    "bytes 0 1 2 253 254 255",
  ]);
});

test("watch", async () => {
  expect(await run("watch", byAddress())).toEqual([
    "create src/index.ts: seen",
    "write src/index.ts: seen",
    "create src/draft.ts: seen",
    "remove src/draft.ts: seen",
  ]);
});

test("pty", async () => {
  expect(await run("pty", byAddress())).toEqual(["greeting=hello", "size=40 120", "exit code 0"]);
});

test("pause-and-resume", async () => {
  expect(await run("pause-and-resume", byAddress())).toEqual([
    "running: false",
    "paused sandboxes found: 1",
    "running: true",
    "written before the pause",
    "process survived: true",
  ]);
});

test("many-at-once", async () => {
  expect(await run("many-at-once", byAddress())).toEqual(["squares 1 4 9 16 25", "listed 5 in pages of 2", "killed 5"]);
});

test("run-code", async () => {
  const lines = await run("run-code", byAddress());
  expect(lines).toEqual(["{ sum: 14, largest: 5 }", expect.stringMatching(/^the program failed: ValueError: max\(\)/)]);
});

test("web-server, by a domain: a port's address is made of it", async () => {
  expect(await run("web-server", byDomain())).toEqual([
    "200 <h1>Served from a sandbox</h1>",
    "502 where nothing listens",
    "200 a report",
  ]);
});

test("template", async () => {
  expect(await run("template", byAddress())).toEqual([
    "built: true",
    "Hello from a template",
    "start command serves hello.py: true",
  ]);
});
