import { once } from "node:events";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenStream, type RpcClient, rpcClient } from "./rpc-client.ts";
import { type StartedEnvd, startEnvd } from "./start-envd.ts";

let envd: StartedEnvd;
let client: RpcClient;

beforeAll(async () => {
  envd = await startEnvd({ envVars: { OF_SANDBOX: "yes" } });
  client = rpcClient(envd.url);
});
afterAll(() => envd[Symbol.asyncDispose]());

const shell = (command: string) => ({ cmd: "/bin/bash", args: ["-c", command] });
const asUser = (name: string) => ({ authorization: `Basic ${Buffer.from(`${name}:`).toString("base64")}` });

function start(command: string, more: object = {}, headers: Record<string, string> = {}): Promise<OpenStream> {
  return client.stream("process.Process/Start", [{ process: shell(command), stdin: false, ...more }], headers);
}

async function startedPid(stream: OpenStream): Promise<number> {
  const message = (await stream.next()) as { event: { start: { pid: number } } };
  return message.event.start.pid;
}

interface ProcessEvent {
  readonly event: {
    readonly data?: { readonly stdout?: string; readonly stderr?: string; readonly pty?: string };
    readonly end?: object;
  };
}

async function finish(stream: OpenStream) {
  const { messages, end } = await stream.rest();
  const events = (messages as unknown as ProcessEvent[]).map(({ event }) => event);
  const text = (name: "stdout" | "stderr" | "pty"): string =>
    Buffer.concat(events.map(({ data }) => Buffer.from(data?.[name] ?? "", "base64"))).toString();
  return {
    stdout: text("stdout"),
    stderr: text("stderr"),
    pty: text("pty"),
    exit: events.find((event) => event.end !== undefined)?.end,
    end,
  };
}

describe("Start", () => {
  test("tells the pid first, then the output, then the end", async () => {
    const stream = await start("echo $$; echo error >&2; exit 3");
    const pid = await startedPid(stream);
    expect(await finish(stream)).toEqual({
      stdout: `${pid}\n`,
      stderr: "error\n",
      pty: "",
      exit: { exitCode: 3, exited: true, status: "exit status 3", error: "exit status 3" },
      end: {},
    });
    expect((await finish(await start("true"))).exit).toEqual({ exited: true, status: "exit status 0" });
  });

  test("runs as the user, with all groups, from home, with the sandbox's proxy and variables", async () => {
    const { stdout } = await finish(
      await start("id; pwd; echo $HOME $USER $LOGNAME $OF_SANDBOX $HTTPS_PROXY $E2B_SANDBOX_ID $MAIN"),
    );
    expect(stdout).toContain("uid=1000(user) gid=1000(user) groups=1000(user),4000(more)\n");
    expect(stdout).toContain(`${envd.home}\n${envd.home} user user yes http://proxy.test:1 sandbox`);
    const { stdout: root } = await finish(await start("id -u; pwd", {}, asUser("root")));
    expect(root).toBe("0\n/root\n");
  });

  test.each([
    { name: "a directory that is not there", process: { ...shell("true"), cwd: "/no/such" }, code: "invalid_argument" },
    { name: "a directory that is a file", process: { ...shell("true"), cwd: "/etc/passwd" }, code: "invalid_argument" },
    { name: "the home of another user", process: { ...shell("true"), cwd: "~root" }, code: "invalid_argument" },
    { name: "a program that is not there", process: { cmd: "/no/such" }, code: "invalid_argument" },
    { name: "no program", process: {}, code: "invalid_argument" },
    { name: "a zero byte", process: { cmd: "/bin/echo", args: ["\0"] }, code: "invalid_argument" },
    { name: "a field of another type", process: { cmd: ["x"] }, code: "invalid_argument" },
  ])("refuses $name", async ({ process, code }) => {
    const { end } = await (await client.stream("process.Process/Start", [{ process }])).rest();
    expect(end.error?.code).toBe(code);
  });

  test("refuses a user who is not there", async () => {
    const { end } = await (await start("true", {}, asUser("nobody-here"))).rest();
    expect(end).toEqual({ error: { code: "unauthenticated", message: "invalid username: 'nobody-here'" } });
  });

  test("its time-out ends the process and the stream", async () => {
    const stream = await start("echo $$; exec sleep 1000", {}, { "connect-timeout-ms": "300" });
    const pid = await startedPid(stream);
    expect((await finish(stream)).end.error?.code).toBe("deadline_exceeded");
    const lateStream = await finish(await client.stream("process.Process/Connect", [{ process: { pid } }]));
    expect(lateStream.exit).toMatchObject({ exitCode: -1, status: "signal: killed", error: "signal: killed" });
  });

  test("output that something else holds open is waited for, until the process is ended", async () => {
    const stream = await start("sleep 1000 & echo $!", { tag: "held" });
    const pid = await startedPid(stream);
    // By its name: until it has become this user, a signal to it is refused.
    await finish(await start(`while test -e /proc/${pid}; do :; done`));
    const { body } = await client.unary("process.Process/List", {});
    expect(body.processes).toContainEqual(expect.objectContaining({ tag: "held" }));
    await client.unary("process.Process/SendSignal", { process: { tag: "held" }, signal: "SIGNAL_SIGKILL" });
    expect((await finish(stream)).exit).toEqual({ exited: true, status: "exit status 0" });
  });

  test("a client that requests keep-alives gets them", async () => {
    const stream = await start("sleep 1000", { tag: "silent" }, { "keepalive-ping-interval": "1" });
    await startedPid(stream);
    expect(await stream.next()).toEqual({ event: { keepalive: {} } });
    await client.unary("process.Process/SendSignal", { process: { tag: "silent" }, signal: "SIGNAL_SIGKILL" });
    expect((await finish(stream)).exit).toMatchObject({ exitCode: -1 });
  });
});

describe("other readers and writers", () => {
  test("List tells of what runs; a tag selects; every reader sees the end, one that comes late too", async () => {
    const stream = await start("read line; echo got $line; exit 5", { tag: "tagged", stdin: true });
    const pid = await startedPid(stream);
    const { body } = await client.unary("process.Process/List", {});
    expect(body.processes).toContainEqual({
      config: { cmd: "/bin/bash", args: ["-c", "read line; echo got $line; exit 5"], envs: {} },
      pid,
      tag: "tagged",
    });
    const second = await client.stream("process.Process/Connect", [{ process: { tag: "tagged" } }]);
    expect(await startedPid(second)).toBe(pid);
    await client.unary("process.Process/SendInput", {
      process: { tag: "tagged" },
      input: { stdin: Buffer.from("input\n").toString("base64") },
    });
    for (const reader of [stream, second]) {
      expect(await finish(reader)).toMatchObject({ stdout: "got input\n", exit: { exitCode: 5 } });
    }
    const lateStream = await client.stream("process.Process/Connect", [{ process: { pid } }]);
    expect(await startedPid(lateStream)).toBe(pid);
    expect((await finish(lateStream)).exit).toMatchObject({ exitCode: 5 });
    expect((await client.unary("process.Process/SendSignal", { process: { pid }, signal: 9 })).status).toBe(404);
  });

  test("StreamInput keeps the order", async () => {
    const stream = await start("cat", { tag: "cat", stdin: true });
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index}\n`);
    const messages = [
      { start: { process: { tag: "cat" } } },
      ...lines.map((line) => ({ data: { input: { stdin: Buffer.from(line).toString("base64") } } })),
      { keepalive: {} },
    ];
    const input = await client.stream("process.Process/StreamInput", messages);
    expect(await input.rest()).toEqual({ messages: [{}], end: {} });
    await client.unary("process.Process/CloseStdin", { process: { tag: "cat" } });
    expect((await finish(stream)).stdout).toBe(lines.join(""));
  });

  test("what cannot be is refused with a code of its own", async () => {
    const stream = await start("sleep 1000", { tag: "deaf" });
    const process = { tag: "deaf" };
    const call = async (method: string, message: object) => {
      const { status, body } = await client.unary(`process.Process/${method}`, message);
      return [status, body.code];
    };
    const stdin = { stdin: "eA==" };
    expect(await call("SendInput", { process, input: stdin })).toEqual([400, "failed_precondition"]);
    expect(await call("SendInput", { process, input: { pty: "eA==" } })).toEqual([400, "failed_precondition"]);
    expect(await call("SendInput", { process })).toEqual([501, "unimplemented"]);
    expect(await call("Update", { process, pty: { size: { cols: 1, rows: 1 } } })).toEqual([
      400,
      "failed_precondition",
    ]);
    expect(await call("SendSignal", { process, signal: "SIGNAL_UNSPECIFIED" })).toEqual([501, "unimplemented"]);
    expect(await call("SendSignal", { process: { pid: 999_999 }, signal: 9 })).toEqual([404, "not_found"]);
    expect(await call("SendSignal", { process: {}, signal: 9 })).toEqual([501, "unimplemented"]);
    expect(await call("SendSignal", { process, signal: "SIGNAL_SIGTERM" })).toEqual([200, undefined]);
    expect((await finish(stream)).exit).toMatchObject({ status: "signal: terminated" });
  });

  test("a slow reader loses nothing, and holds the process up instead of filling the memory", async () => {
    const bytes = 64 * 1024 * 1024;
    const body = Buffer.from(
      JSON.stringify({ process: shell(`head -c ${bytes} /dev/zero; echo done >&2`), tag: "flood" }),
    );
    const head = Buffer.alloc(5);
    head.writeUInt32BE(body.length, 1);
    const sent = request(`${envd.url}/process.Process/Start`, {
      method: "POST",
      headers: { "content-type": "application/connect+json" },
    }).end(Buffer.concat([head, body]));
    const [response] = await once(sent, "response");
    response.pause();
    // A second client is served meanwhile, and what is not read has not been written.
    const blocked = "until grep -q 'head' /proc/[0-9]*/comm; do :; done; grep -l head /proc/[0-9]*/comm";
    expect((await finish(await start(blocked))).stdout).not.toBe("");
    expect(await running("flood")).toBe(true);
    let received = 0;
    for await (const chunk of response) received += chunk.length;
    expect(received).toBeGreaterThan((bytes * 4) / 3);
    const peak = await finish(await start("grep VmHWM /proc/1/status", {}, asUser("root")));
    expect(Number(/\d+/.exec(peak.stdout)?.[0])).toBeLessThan(256 * 1024);
  });
});

test.each(["user", "root"])("a terminal for %s: its size, its echo, its end", async (name) => {
  const tag = `terminal-${name}`;
  const stream = await client.stream(
    "process.Process/Start",
    [
      {
        process: { cmd: "/bin/bash", args: ["--norc", "-i"], envs: { PS1: "ready> " } },
        pty: { size: { cols: 91, rows: 17 } },
        tag,
      },
    ],
    asUser(name),
  );
  const pid = await startedPid(stream);
  const send = async (text: string) =>
    client.unary("process.Process/SendInput", {
      process: { tag },
      input: { pty: Buffer.from(text).toString("base64") },
    });
  await send("stty size; whoami; echo $$\n");
  await until(stream, `17 91\r\n${name}\r\n${pid}\r\n`);
  await client.unary("process.Process/Update", { process: { tag }, pty: { size: { cols: 50, rows: 20 } } });
  await send("stty size; cat\n");
  await until(stream, "20 50\r\n");
  await send("echoed\n");
  await until(stream, "echoed\r\nechoed\r\n");
  const { status, body } = await client.unary("process.Process/CloseStdin", { process: { tag } });
  expect([status, body.code]).toEqual([400, "failed_precondition"]);
  await send("\x03");
  await until(stream, "ready> ");
  await send("exit 7\n");
  expect((await finish(stream)).exit).toMatchObject({ exitCode: 7 });
});

test("started as an ordinary user, it acts for that one alone", async () => {
  await using own = await startEnvd({ asUser: true });
  const client = rpcClient(own.url);
  const message = { process: { cmd: "/usr/bin/id", args: ["-u"] }, stdin: false };
  const { messages } = await (await client.stream("process.Process/Start", [message])).rest();
  expect(messages).toContainEqual({ event: { data: { stdout: Buffer.from("1000\n").toString("base64") } } });
  const { end } = await (await client.stream("process.Process/Start", [message], asUser("root"))).rest();
  expect(end.error).toEqual({ code: "unauthenticated", message: "invalid username: 'root'" });
  const headers = { "content-type": "application/octet-stream" };
  const written = await fetch(`${own.url}/files?path=a/b`, { method: "POST", body: "text", headers });
  expect(written.status).toBe(200);
  expect((await fetch(`${own.url}/files?path=a/b&username=root`)).status).toBe(401);
});

/** Reads a terminal's output up to a text. */
async function until(stream: OpenStream, expected: string): Promise<void> {
  for (let seen = ""; !seen.includes(expected); ) {
    const { event } = (await stream.next()) as unknown as ProcessEvent;
    seen += Buffer.from(event.data?.pty ?? "", "base64").toString();
  }
}

async function running(tag: string): Promise<boolean> {
  const { body } = await client.unary("process.Process/List", {});
  return (body.processes as { tag?: string }[]).some((process) => process.tag === tag);
}
