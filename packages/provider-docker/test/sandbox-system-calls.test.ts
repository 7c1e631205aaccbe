import { Readable } from "node:stream";
import type { Sandbox } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { run, sandboxFixture, shell } from "./sandbox-fixture.ts";

const fixture = sandboxFixture();

/** What system calls answer that a sandbox has no use for, by name: 0 or more where they work, else the error's number, negative. */
const probes = `
import ctypes, errno, json, os, platform, socket, struct
libc = ctypes.CDLL(None, use_errno=True)
x64 = platform.machine() == "x86_64"
def call(x64_number, arm64_number, *args):
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(x64_number if x64 else arm64_number), *[ctypes.c_void_p(arg) for arg in args])
    return result if result >= 0 else -ctypes.get_errno()
buffer = ctypes.create_string_buffer(4096)
at = ctypes.addressof(buffer)
found = {
    "io_uring_setup": call(425, 425, 8, at),
    "io_uring_enter": call(426, 426, 0, 0, 0, 0, 0, 0),
    "io_uring_register": call(427, 427, 0, 0, 0, 0),
    "userfaultfd": call(323, 282, 0x80001),
    "add_key": call(248, 217, at, at, 0, 0, -3),
    "request_key": call(249, 218, at, at, 0, 0),
    "keyctl": call(250, 219, 0, -3, 0),
    "bpf": call(321, 280, 0, at, 64),
    "perf_event_open": call(298, 241, at, 0, -1, -1, 0),
    "mount": call(165, 40, at, at, at, 0, 0),
    "umount2": call(166, 39, at, 0),
    "pivot_root": call(155, 41, at, at),
    "fsopen": call(430, 430, at, 0),
    "fsmount": call(432, 432, 0, 0, 0),
    "move_mount": call(429, 429, 0, at, 0, at, 0),
    "open_tree": call(428, 428, -100, at, 0),
    "mount_setattr": call(442, 442, 0, at, 0, at, 0),
    "unshare user": call(272, 97, 0x10000000),
    "unshare mount": call(272, 97, 0x20000),
    "setns": call(308, 268, 0, 0),
    "clone user": call(56, 220, 0x10000000 | 17, 0, 0, 0, 0),
    "clone high bits": call(56, 220, 0x110000011, 0, 0, 0, 0),
    "clone3": call(435, 435, at, 88),
    "kexec_load": call(246, 104, 0, 0, 0, 0),
    "init_module": call(175, 105, at, 0, at),
    "finit_module": call(313, 273, 0, at, 0),
    "reboot": call(169, 142, 0, 0, 0, 0),
    "swapon": call(167, 224, at, 0),
    "acct": call(163, 89, 0),
    "syslog": call(103, 116, 3, at, 10),
    "quotactl": call(179, 60, 0, 0, 0, 0),
    "open_by_handle_at": call(304, 265, 0, at, 0),
    "fanotify_init": call(300, 262, 0, 0),
    "kcmp": call(312, 272, os.getpid(), os.getpid(), 0, 0, 0),
    "pidfd_getfd": call(438, 438, 0, 0, 0),
    "clock_settime": call(227, 112, 0, at),
    "settimeofday": call(164, 170, at, 0),
    "personality with hints": call(135, 92, 0x0400000),
    "personality with high bits": call(135, 92, 0x100000000),
    "move_pages": call(279, 239, 0, 0, 0, 0, 0, 0),
    "lookup_dcookie": call(212, 18, 0, at, 10),
    "chroot": call(161, 51, at),
}
for name, args in {
    "vsock": (40, 1, 0), "vsock by high bits": (40 | 1 << 32, 1, 0), "alg": (38, 5, 0), "packet": (17, 3, 0),
    "bluetooth": (31, 3, 0), "can": (29, 3, 1), "rds": (21, 5, 0), "tipc": (30, 1, 0), "xdp": (44, 3, 0), "qipcrtr": (42, 2, 0),
    "kcm": (41, 2, 0), "ax25": (3, 2, 0), "key": (15, 3, 2), "audit netlink": (16, 3, 9), "netfilter netlink": (16, 3, 12),
    "crypto netlink": (16, 3, 21), "audit netlink by high bits": (16, 3, 9 | 1 << 32),
}.items():
    found["socket " + name] = call(41, 198, *args)
if x64:
    found["modify_ldt"] = call(154, -1, 0, at, 16)
    found["iopl"] = call(172, -1, 3)
    found["ioperm"] = call(173, -1, 0, 1, 1)
    # The 32-bit table, whose socketcall takes its arguments from memory.
    import mmap
    def call32(number, first, words):
        code = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40, 7)
        where = ctypes.addressof(ctypes.c_char.from_buffer(code))
        code[0:32] = (b"\\x53\\xb8" + struct.pack("<I", number) + b"\\xbb" + struct.pack("<I", first) + b"\\xb9"
            + struct.pack("<I", where + 64) + b"\\xcd\\x80\\x48\\x63\\xc0\\x5b\\xc3").ljust(32, b"\\x90")
        code[64:64 + 4 * len(words)] = struct.pack("<%dI" % len(words), *words)
        child = os.fork()
        if child == 0:
            result = ctypes.CFUNCTYPE(ctypes.c_long)(where)()
            os._exit(0 if result < 0 else 1)
        return "made" if os.waitpid(child, 0)[1] == 256 else "refused"
    found["socketcall vsock"] = call32(102, 1, [40, 1, 0])
    found["socketcall audit netlink"] = call32(102, 1, [16, 3, 9])
    found["32-bit socket vsock"] = call32(359, 40, [1])
    found["32-bit io_uring_setup"] = call32(425, 8, [0] * 40)
print(json.dumps(found))
`;

const eperm = -1;
const enosys = -38;
const eafnosupport = -97;

async function probe(sandbox: Sandbox, root: boolean): Promise<Record<string, number | string>> {
  await sandbox.files.writeStream("/workspace/probes.py", Readable.from([Buffer.from(probes)]));
  const python = ["python3", "/workspace/probes.py"] as const;
  const { stdout, stderr } = await run(sandbox, root ? ["sudo", ...python] : python);
  expect(stdout, stderr).not.toBe("");
  return JSON.parse(stdout);
}

describe("system calls of a sandbox", () => {
  it.each([false, true])("are refused that reach past it, with a root inside: %s", async (rootInside) => {
    await using sandbox = await fixture.create({ rootInside });
    const found = await probe(sandbox, rootInside);
    for (const [name, answer] of Object.entries(found)) {
      if (name === "clone3") expect([name, answer]).toEqual([name, enosys]);
      else if (name === "chroot" && rootInside) expect([name, answer]).toEqual([name, -2]);
      else if (name.endsWith("by high bits")) expect([eperm, eafnosupport]).toContain(answer);
      else if (name.startsWith("socket ")) {
        // The kernel has no other audit or crypto netlink to offer; those that were not named are refused as such.
        expect([eafnosupport, eperm], name).toContain(answer);
      } else if (typeof answer === "string") expect([name, answer]).toEqual([name, "refused"]);
      else expect([name, answer]).toEqual([name, eperm]);
    }
    expect(found["socket vsock"]).toBe(eafnosupport);
    expect(found["socket audit netlink"]).toBe(eafnosupport);
    expect(Object.keys(found).length).toBeGreaterThan(55);
  });

  it("are there that programs need: threads, tracing, routes, watches, file handles, old and new forms", async () => {
    await using sandbox = await fixture.create();
    const node = `
      const { Worker } = require("node:worker_threads");
      const fs = require("node:fs"), os = require("node:os");
      fs.cpSync("/etc/os-release", "/tmp/copy"); fs.watch("/tmp").close(); os.networkInterfaces();
      const http = require("node:http");
      const server = http.createServer((q, s) => s.end("served")).listen(0, "127.0.0.1", () => {
        http.get({ port: server.address().port, host: "127.0.0.1" }, async (response) => {
          for await (const text of response) console.log(String(text));
          new Worker("process.exit(0)", { eval: true }).on("exit", () => process.exit(0));
        });
      });`;
    expect(await run(sandbox, ["node", "-e", node])).toMatchObject({ stdout: "served\n", exitCode: 0 });
    const python = `
import asyncio, ctypes, multiprocessing, os, platform, signal, socket, subprocess, tempfile, threading
multiprocessing.Queue(); threading.Thread(target=print, args=("thread",)).start()
a, b = socket.socketpair(); socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0); socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
os.memfd_create("m"); os.pidfd_open(os.getpid()); os.sched_getaffinity(0); os.nice(1); os.eventfd(0)
libc = ctypes.CDLL(None, use_errno=True)
child = os.fork()
if child == 0:
    libc.ptrace(0, 0, 0, 0); os.kill(os.getpid(), signal.SIGSTOP); os._exit(7)
os.waitpid(child, os.WUNTRACED)
print("traced", libc.ptrace(7, child, 0, 0), os.waitpid(child, 0)[1] >> 8)
print(libc.personality(0xffffffff) >= 0)
`;
    const created = await run(sandbox, ["python3", "-c", python]);
    expect(created).toMatchObject({ exitCode: 0 });
    expect(created.stdout).toContain("traced 0 7\n");
    const git =
      "cd /tmp && git init -q r && cd r && echo x > x && git add x && git commit -qm x && git gc -q && git log --oneline";
    const commit = await shell(
      sandbox,
      `export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b; ${git}`,
    );
    expect(commit, commit.stderr).toMatchObject({ exitCode: 0 });
  });

  it("are as they are with a root inside for sudo, packages and other users", async () => {
    await using sandbox = await fixture.create({ rootInside: true });
    const work =
      "useradd -m other && su other -c 'id -un' && chown other /tmp && mknod /tmp/pipe p && setpriv --reuid other id -un && dpkg --configure -a && ldconfig";
    const done = await run(sandbox, ["sudo", "sh", "-c", work]);
    expect(done, done.stderr).toMatchObject({ stdout: "other\nother\n", exitCode: 0 });
  });
});
