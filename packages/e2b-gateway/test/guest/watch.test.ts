import { chownSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RpcClient, rpcClient } from "./rpc-client.ts";
import { type StartedEnvd, startEnvd } from "./start-envd.ts";

interface WatchEvent {
  readonly name: string;
  readonly type: string;
  readonly entry?: { readonly name: string; readonly type: string };
}

let envd: StartedEnvd;
let client: RpcClient;

beforeAll(async () => {
  envd = await startEnvd();
  client = rpcClient(envd.url);
});
afterAll(() => envd[Symbol.asyncDispose]());

const at = (name: string): string => join(envd.home, name);

async function watcher(path: string, more: object = {}): Promise<string> {
  const { body } = await client.unary("filesystem.Filesystem/CreateWatcher", { path, ...more });
  return body.watcherId as string;
}

async function events(watcherId: string): Promise<string[]> {
  const { body } = await client.unary("filesystem.Filesystem/GetWatcherEvents", { watcherId });
  return (body.events as WatchEvent[]).map(({ name, type }) => `${type.replace("EVENT_TYPE_", "")} ${name}`);
}

const upload = (path: string, body: string) =>
  fetch(`${envd.url}/files?path=${path}`, {
    method: "POST",
    body,
    headers: { "content-type": "application/octet-stream" },
  });

test("uploads are reported as E2B reports them", async () => {
  mkdirSync(at("uploads"));
  const id = await watcher("uploads");
  await upload("uploads/file.txt", "text");
  const [first, ...others] = await events(id);
  expect(first).toBe("CREATE file.txt");
  await upload("uploads/file.txt", "other text");
  // How often the kernel tells of writing in several steps is its own affair.
  for (const reported of [others, await events(id)]) {
    expect(reported).toContain("WRITE file.txt");
    expect(reported.filter((event) => !["WRITE file.txt", "CHMOD file.txt"].includes(event))).toEqual([]);
  }
  expect(await events(id)).toEqual([]);
});

test("changes by programs are reported in order", async () => {
  mkdirSync(at("programs"));
  chownSync(at("programs"), 1000, 1000);
  const id = await watcher("programs");
  const shell = async (command: string): Promise<string[]> => {
    const start = { process: { cmd: "/bin/bash", args: ["-c", command], cwd: "programs" }, stdin: false };
    await (await client.stream("process.Process/Start", [start])).rest();
    return events(id);
  };
  expect(await shell("echo text > a")).toEqual(["CREATE a", "WRITE a"]);
  expect(await shell("chmod 600 a")).toEqual(["CHMOD a"]);
  expect(await shell("echo more >> a")).toEqual(["WRITE a"]);
  expect(await shell("mv a b")).toEqual(["RENAME a", "CREATE b"]);
  expect(await shell("touch empty")).toEqual(["CREATE empty", "CHMOD empty"]);
  expect(await shell("rm b empty")).toEqual(["REMOVE b", "REMOVE empty"]);
  expect(await shell("echo x > passing; rm passing")).toEqual(["CREATE passing", "WRITE passing", "REMOVE passing"]);
  expect(await shell("echo x > new; mv new whole")).toEqual(["CREATE new", "WRITE new", "RENAME new", "CREATE whole"]);
  expect(await shell("echo y > new; mv new whole")).toEqual(["CREATE new", "WRITE new", "RENAME new", "CREATE whole"]);
  expect(await shell("mkdir -p directory/below; echo x > directory/below/file")).toEqual(["CREATE directory"]);
});

test("ten thousand changes at once are all reported", async () => {
  mkdirSync(at("many"));
  for (let index = 0; index < 10_000; index += 1) writeFileSync(at(`many/${index}`), "");
  const id = await watcher("many");
  rmSync(at("many"), { recursive: true });
  const reported = await events(id);
  expect(reported).toHaveLength(10_001);
  expect(reported.at(-1)).toBe("REMOVE .");
});

test("recursively, also in what comes later, with what lies there", async () => {
  mkdirSync(at("tree/old"), { recursive: true });
  const stream = await client.stream("filesystem.Filesystem/WatchDir", [
    { path: "tree", recursive: true, includeEntry: true },
  ]);
  expect(await stream.next()).toEqual({ start: {} });
  const seen = async (type: string, name: string): Promise<WatchEvent> => {
    for (;;) {
      const { filesystem } = (await stream.next()) as { filesystem: WatchEvent };
      if (filesystem.type === `EVENT_TYPE_${type}` && filesystem.name === name) return filesystem;
    }
  };
  writeFileSync(at("tree/old/file"), "x");
  expect((await seen("CREATE", "old/file")).entry).toMatchObject({ name: "file", type: "FILE_TYPE_FILE" });
  mkdirSync(at("tree/new/below"), { recursive: true });
  writeFileSync(at("tree/new/below/file"), "x");
  await seen("CREATE", "new/below");
  await seen("CREATE", "new/below/file");
  renameSync(at("tree/new"), at("tree/renamed"));
  await seen("RENAME", "new");
  writeFileSync(at("tree/renamed/below/later"), "x");
  await seen("CREATE", "renamed/below/later");
  rmSync(at("tree/renamed"), { recursive: true });
  expect((await seen("REMOVE", "renamed")).entry).toBeUndefined();
  stream.cancel();
});

test("what cannot be watched is refused, and a watcher that was removed is not found", async () => {
  const refused = async (path: string) => {
    const { end } = await (await client.stream("filesystem.Filesystem/WatchDir", [{ path }])).rest();
    return end.error?.code;
  };
  expect(await refused("not-there")).toBe("not_found");
  expect(await refused("/etc/passwd")).toBe("invalid_argument");
  const watcherId = await watcher(".");
  expect((await client.unary("filesystem.Filesystem/RemoveWatcher", { watcherId })).status).toBe(200);
  for (const method of ["GetWatcherEvents", "RemoveWatcher"]) {
    const { status, body } = await client.unary(`filesystem.Filesystem/${method}`, { watcherId });
    expect([status, body.code]).toEqual([404, "not_found"]);
  }
});

test("its time-out ends the stream", async () => {
  const stream = await client.stream("filesystem.Filesystem/WatchDir", [{ path: "." }], {
    "connect-timeout-ms": "100",
  });
  expect((await stream.rest()).end.error?.code).toBe("deadline_exceeded");
});
