import { describe, expect, it } from "vitest";
import { guestFixture, run } from "./guest-fixture.ts";

const start = guestFixture();

/** The start of an attack in Python: how to reach the supervisor's socket. */
const reach = `
import os, select, socket, subprocess, time
def reach():
    s = socket.socket(socket.AF_UNIX)
    s.connect("\\0glovebox-supervisor")
    return s
def answer(first):
    s = reach()
    try:
        s.sendall(first)
        s.settimeout(10)
        return s.recv(100)
    except OSError as error:
        return type(error).__name__.encode()
`;

describe("the socket of a supervisor without root", () => {
  it("says nothing to anybody without the token, and greets whoever brings it", async () => {
    await using guest = await start();
    const connection = await guest.connect();
    const { token } = guest;
    const attack = `${reach}
for first in (b"", b"\\n", b"1 \\n", b"1 ${token.slice(1)}\\n", b"1 ${token}x\\n", b"${token}\\n", b"1 1 ${token}\\n", b"PRI * HTTP/2.0\\r\\n\\r\\n", b"1 " + b"x" * 100000):
    print(answer(first) in (b"", b"ConnectionResetError", b"BrokenPipeError"))
print(answer(b"1 ${token}\\n"))
`;
    const lines = (await run(connection, "python3", "-c", attack)).split("\n");
    expect(lines).toEqual([...Array.from({ length: 9 }, () => "True"), "b'glovebox-supervisor/1 0.0.0\\n'"]);
    await expect(guest.connect("not-the-token-not-the-token-not-the-token")).rejects.toMatchObject({ code: "lost" });
  });

  it("cannot be replaced, and is reached while the agent floods it", async () => {
    await using guest = await start();
    const connection = await guest.connect();
    const attack = `${reach}
try:
    socket.socket(socket.AF_UNIX).bind("\\0glovebox-supervisor")
    print("bound")
except OSError as error:
    print(error.strerror)
held = []
for _ in range(3000):
    try:
        s = socket.socket(socket.AF_UNIX)
        s.setblocking(False)
        s.connect("\\0glovebox-supervisor")
        s.send(b"1 ")
        held.append(s)
    except OSError:
        pass
print("floods", flush=True)
while True:
    for s in held:
        s.close()
    held = []
    for _ in range(200):
        try:
            s = socket.socket(socket.AF_UNIX)
            s.setblocking(False)
            s.connect("\\0glovebox-supervisor")
            held.append(s)
        except OSError:
            pass
    time.sleep(0.01)
`;
    const flood = await connection.spawn(["python3", "-c", attack]);
    const lines: string[] = [];
    for await (const chunk of flood.output) {
      if ("bytes" in chunk) lines.push(Buffer.from(chunk.bytes).toString());
      if (lines.join("").includes("floods")) break;
    }
    expect(lines.join("")).toBe("Address already in use\nfloods\n");
    expect(await run(await guest.connect(), "echo", "reached")).toBe("reached");
    await flood.kill();
    expect(await run(connection, "echo", "serves")).toBe("serves");
  });
});

describe("quiesce without root", () => {
  it("ends every process of the agent, also one that imitates a bridge, and none of the supervisor's", async () => {
    await using guest = await start();
    const connection = await guest.connect();
    const imitation = `
import os
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execve("/opt/glovebox/bin/node", ["/opt/glovebox/bin/node", "/opt/glovebox/supervisor.cjs", "connect"], {})
        os._exit(0)
if os.fork() == 0:
    os.setsid()
    os.execve("/opt/glovebox/bin/tini", ["/opt/glovebox/bin/tini", "-s", "--", "/opt/glovebox/bin/node", "-e", "process.title = '/opt/glovebox/bin/node /opt/glovebox/supervisor.cjs serve'; setInterval(() => {}, 1000)"], {})
import time
time.sleep(1000)
`;
    await connection.spawn(["python3", "-c", imitation]);
    await expect.poll(async () => (await connection.stats()).processes).toBeGreaterThanOrEqual(5);
    const second = await guest.connect();
    await connection.quiesce();
    expect((await second.stats()).processes).toBe(0);
    const left = await guest.exec("ps", "-eo", "ppid=,comm=");
    const names = left.split("\n").map((line) => line.trim());
    expect(names.filter((line) => !line.endsWith("ps")).map((line) => line.split(" ").at(-1))).toEqual(
      expect.arrayContaining(["busybox", "tini"]),
    );
    expect(names).toHaveLength(6);
  });

  it("ends what the cluster's own way brings in, once it is older than a bridge's start", async () => {
    await using guest = await start();
    const connection = await guest.connect();
    const intruder = guest.exec("sleep", "1000");
    await expect.poll(() => guest.exec("pgrep", "-x", "sleep")).not.toBe("");
    await connection.quiesce();
    await intruder;
    expect(await guest.exec("pgrep", "-x", "sleep")).toBe("");
  });

  it("ends a fork bomb", async () => {
    await using guest = await start({ args: ["--pids-limit", "120"] });
    const connection = await guest.connect();
    await connection.spawn(["bash", "-c", "bomb() { bomb | bomb & }; bomb; wait"]);
    await expect
      .poll(() =>
        connection.spawn(["sleep", "1000"]).then(
          () => "started",
          (error: { code: string }) => error.code,
        ),
      )
      .toBe("process");
    await connection.quiesce();
    expect((await connection.stats()).processes).toBe(0);
    expect(await run(connection, "echo", "serves")).toBe("serves");
  });
});
