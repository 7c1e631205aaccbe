import { supervisorPaths, unprivilegedCommand } from "@glovebox/supervisor";
import { describe, expect, it } from "vitest";
import { guestFixture, run } from "./guest-fixture.ts";

const start = guestFixture();

/** Prints `pid command` of the first process, of tini, of the supervisor and of the bridges. */
const listOwn = `
import os
for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
    try:
        line = open(f"/proc/{pid}/cmdline").read().replace("\\0", " ")
    except OSError:
        continue
    if line.startswith("/opt/glovebox/bin/"):
        print(pid, line.split()[0].split("/")[-1], line.strip().split()[-1])
`;

describe("an agent of the supervisor's own user", () => {
  it("can read nothing of the supervisor, its parents or a bridge, nor trace them", async () => {
    await using guest = await start();
    const connection = await guest.connect();
    const attack = `${listOwn}
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
own = [int(line.split()[0]) for line in os.popen("ps -eo pid,args").read().splitlines()[1:] if "/opt/glovebox/bin/" in line and "python" not in line]
print("targets", len(own))
for pid in own:
    for request in (16, 0x4206):
        if libc.ptrace(request, pid, 0, 0) == 0:
            print("traced", pid)
    for name in ("environ", "mem", "maps", "auxv", "syscall", "stack", "io", "personality"):
        try:
            with open(f"/proc/{pid}/{name}", "rb") as file:
                file.read(1)
            print("read", pid, name)
        except OSError:
            pass
    for name in ("fd", "map_files", "task/" + str(pid) + "/fd", "fdinfo"):
        try:
            os.listdir(f"/proc/{pid}/{name}")
            print("listed", pid, name)
        except OSError:
            pass
    for name in ("root", "cwd", "exe"):
        try:
            os.readlink(f"/proc/{pid}/{name}")
            print("followed", pid, name)
        except OSError:
            pass
    for name in ("oom_score_adj", "coredump_filter", "mem", "clear_refs"):
        try:
            open(f"/proc/{pid}/{name}", "r+b").close()
            print("opened", pid, name)
        except OSError:
            pass
    descriptor = libc.syscall(434, pid, 0)
    if descriptor >= 0 and any(libc.syscall(438, descriptor, number, 0) >= 0 for number in range(64)):
        print("took a descriptor of", pid)
    class Vector(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
    buffer = ctypes.create_string_buffer(16)
    local, remote = Vector(ctypes.addressof(buffer), 16), Vector(0x400000, 16)
    if libc.process_vm_readv(pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) >= 0 or ctypes.get_errno() not in (1, 38):
        print("reached the memory of", pid, ctypes.get_errno())
for name in ("node", "tini", "busybox"):
    try:
        open("/opt/glovebox/bin/" + name, "rb").close()
        print("opened", name)
    except OSError:
        pass
`;
    const lines = (await run(connection, "python3", "-c", attack)).split("\n");
    const processes = lines.filter((line) => /^\d/.test(line)).map((line) => line.replace(/^\d+ /, ""));
    expect(processes).toEqual(["busybox $supervisor", "tini serve", "node serve", "node connect"]);
    expect(lines.filter((line) => !/^\d/.test(line))).toEqual(["targets 4"]);
    const all =
      "env; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline; find /tmp /home /workspace /dev/shm /run -type f -exec cat {} +";
    expect(await run(connection, "sh", "-c", `(${all}) 2> /dev/null | tr '\\0' '\\n'`)).not.toContain(guest.token);
  });

  it("changes nothing with a signal that does not end the supervisor, and opens no inspector", async () => {
    await using guest = await start();
    const connection = await guest.connect();
    const attack = `
import os, signal, socket, subprocess, time
pid = int(subprocess.check_output(["pgrep", "-f", "^/opt/glovebox/bin/node .* serve$"]))
# SIGINT ends the shell that is the first process, and SIGTERM is the cluster's: both end the container.
deadly = {"SIGKILL", "SIGSTOP", "SIGTERM", "SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGABRT", "SIGTRAP", "SIGSYS"}
for number in range(1, 32):
    if signal.Signals(number).name not in deadly:
        os.kill(pid, number)
for number in range(1, 65):
    if number not in (2, 15, 17, 32, 33):
        os.kill(1, number)
os.kill(pid, signal.SIGUSR1)
for port in range(9220, 9240):
    try:
        socket.create_connection(("127.0.0.1", port), 1)
        print("open", port)
    except OSError:
        pass
print(pid)
`;
    const pid = await run(connection, "python3", "-c", attack);
    expect(pid).toMatch(/^\d+$/);
    expect(await run(connection, "python3", "-c", attack)).toBe(pid);
    expect(await run(await guest.connect(), "echo", "serves")).toBe("serves");
  });

  it("ends the container when it kills the supervisor, and never looks like the lease's end", async () => {
    for (const signal of ["KILL", "TERM", "SEGV"]) {
      await using guest = await start();
      const connection = await guest.connect();
      const attack = `read go; pkill -${signal} -f '/opt/glovebox/bin/node .* serve$'; sleep 1000`;
      const process = await connection.spawn(["sh", "-c", attack], { stdin: "open" });
      // The supervisor may be gone before it can say that the line was taken.
      await process.write(Buffer.from("go\n")).catch(() => {});
      expect(await guest.ended(), signal).toBeGreaterThan(128);
      await connection.closed;
      expect(["killed", "lost"]).toContain((await process.exit).reason);
    }
  });

  it("gains no time by stopping the supervisor or its parent: the first process ends the container", async () => {
    // A third of the usual patience, which is still more than the time between two heartbeats.
    const command = unprivilegedCommand().map((part) => part.replace("read -t 30", "read -t 10"));
    await using guest = await start({ command });
    const connection = await guest.connect();
    const stop =
      "pkill -STOP -f '[b]in/tini'; pkill -STOP -f '[b]in/node .* serve$'; kill -STOP 1; while kill -CHLD 1; do sleep 5; done";
    await connection.spawn(["sh", "-c", stop]);
    expect(await guest.ended()).toBe(137);
  });

  it("is refused where the supervisor could be traced, unless that is allowed", async () => {
    const readable = ["--user", "0:0", "--cap-add", "FOWNER", "--cap-add", "SETUID", "--cap-add", "SETGID"];
    const command = [
      ...[
        "/bin/sh",
        "-c",
        `chmod 755 ${supervisorPaths.node} && exec setpriv --reuid 1000 --regid 1000 --clear-groups \\
        --no-new-privs --bounding-set=-all ${supervisorPaths.node} ${supervisorPaths.file} serve`,
      ],
    ];
    await using refused = await start({ args: readable, command });
    expect(await refused.ended()).toBe(1);
    expect(await refused.logs()).toBe(
      `glovebox-supervisor: The agent could read the supervisor's memory: ${supervisorPaths.node} must be executable and not readable.`,
    );
    await using allowed = await start({ args: readable, command, config: { allowTraceable: true } });
    expect(await allowed.exec("true")).toBe("");
    await using short = await start({ config: { token: "too-short" } });
    expect(await short.ended()).toBe(1);
  });
});
