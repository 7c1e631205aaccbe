import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { finish, run, sandboxFixture, shell, until } from "./sandbox-fixture.ts";

const fixture = sandboxFixture();

/** Pids as the sandbox sees them: its init is 1, and the supervisor is what the engine runs. */
const findSupervisor = `for p in /proc/[0-9]*; do
  tr '\\0' ' ' < $p/cmdline 2>/dev/null | grep -q '^/opt/glovebox/bin/node /opt/glovebox/supervisor.cjs serve' && echo \${p#/proc/}
done`;

describe("what the agent may do in a sandbox", () => {
  it("has no capability, no way to new privileges, and filtered system calls", async () => {
    await using sandbox = await fixture.create();
    const { stdout } = await run(sandbox, ["cat", "/proc/self/status"]);
    const status = new Map(stdout.split("\n").map((line) => line.split(":\t") as [string, string]));
    for (const set of ["CapInh", "CapPrm", "CapEff", "CapAmb"]) expect(status.get(set), set).toBe("0000000000000000");
    // Bounding: SETUID, SETGID and KILL at most, which without new privileges can never be had.
    expect(Number.parseInt(status.get("CapBnd") ?? "", 16) & ~0b1110_0000).toBe(0);
    expect(status.get("NoNewPrivs")).toBe("1");
    expect(status.get("Seccomp")).toBe("2");
    expect(status.get("Uid")).toBe("1000\t1000\t1000\t1000");
    expect(status.get("Groups")?.trim()).toMatch(/^(1000)?$/);
  });

  it("has no network interface but loopback", async () => {
    await using sandbox = await fixture.create();
    const { stdout } = await run(sandbox, ["ls", "/sys/class/net"]);
    expect(stdout.trim()).toBe("lo");
    const routes = await run(sandbox, ["cat", "/proc/net/route"]);
    expect(routes.stdout.trim().split("\n")).toHaveLength(1);
  });

  it("can neither kill, stop nor trace the supervisor or the init", async () => {
    await using sandbox = await fixture.create();
    const supervisor = (await shell(sandbox, findSupervisor)).stdout.trim();
    expect(supervisor).toMatch(/^\d+$/);
    for (const pid of ["1", supervisor]) {
      for (const signal of ["KILL", "STOP", "TERM", "0"]) {
        const { exitCode } = await run(sandbox, ["/bin/kill", `-${signal}`, pid]);
        expect(exitCode, `${signal} to ${pid}`).not.toBe(0);
      }
    }
    const trace = `
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
print([libc.ptrace(16, pid, 0, 0) for pid in (1, ${supervisor})])
for path in ("mem", "environ", "fd"):
    for pid in (1, ${supervisor}):
        try:
            open(f"/proc/{pid}/{path}", "rb").read() if path != "fd" else __import__("os").listdir(f"/proc/{pid}/fd")
            print("read", pid, path)
        except OSError:
            pass
`;
    expect((await run(sandbox, ["python3", "-c", trace])).stdout.trim()).toBe("[-1, -1]");
    const massacre = await finish(await sandbox.spawn(["sh", "-c", "kill -9 -1; kill -STOP -1; true"]));
    expect(massacre.reason).not.toBe("lost");
    expect((await shell(sandbox, "echo alive")).stdout).toBe("alive\n");
  });

  it("cannot reach the supervisor's directory, change its file, or write where root does", async () => {
    await using sandbox = await fixture.create();
    for (const script of [
      "ls /run/glovebox",
      "echo x > /opt/glovebox/supervisor.cjs",
      "rm -f /opt/glovebox/bin/node",
      "touch /opt/glovebox/x",
      "mv /opt/glovebox /opt/other",
      "touch /etc/x",
      "echo 0 > /proc/sys/kernel/core_pattern",
      "mount -t tmpfs none /mnt",
      "unshare -Ur true",
      "su -c true < /dev/null",
    ]) {
      expect((await shell(sandbox, script)).exitCode, script).not.toBe(0);
    }
  });

  it("finds no socket and no device of the host", async () => {
    await using sandbox = await fixture.create();
    const sockets = await shell(sandbox, "find / -xdev -type s 2>/dev/null; find / -name docker.sock 2>/dev/null");
    expect(sockets.stdout).toBe("");
    const disks = await shell(sandbox, "find /dev -type b");
    expect(disks.stdout).toBe("");
    const mounts = await run(sandbox, ["cat", "/proc/self/mounts"]);
    expect(mounts.stdout).not.toMatch(/docker\.sock/);
  });

  it("finds no inspector of the supervisor, whatever the image tells Node; its own programs are reported", async () => {
    const directory = mkdtempSync(join(tmpdir(), "glovebox-inspect-"));
    const path = join(directory, "Dockerfile");
    const label = `glovebox.test=${randomUUID()}`;
    writeFileSync(
      path,
      `FROM ${fixture.template().reference}\nLABEL ${label}\nENV NODE_OPTIONS=--inspect=127.0.0.1:9229\n`,
    );
    const template = await fixture.provider.prepare({ base: { kind: "dockerfile", path }, layers: [] });
    try {
      await using sandbox = await fixture.create({ template });
      const { stdout } = await shell(sandbox, "cat /proc/net/tcp; printenv NODE_OPTIONS");
      expect(stdout).toContain("--inspect=127.0.0.1:9229\n");
      expect(stdout).not.toContain(":240D ");
    } finally {
      const engine = fixture.engine();
      await engine.getImage(template.reference).remove({ force: true });
      for (const { Id } of await engine.listImages({ filters: { label: [label] } })) {
        await engine.getImage(Id).remove({ force: true });
      }
      rmSync(directory, { recursive: true });
    }
  });

  it("does not reach a service of the host", async () => {
    const server = createServer((_, response) => response.end("host"));
    await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    try {
      await using sandbox = await fixture.create();
      for (const host of ["127.0.0.1", "172.17.0.1", "host.docker.internal"]) {
        const { exitCode } = await run(sandbox, ["curl", "-s", "-m", "3", `http://${host}:${port}/`]);
        expect(exitCode, host).not.toBe(0);
      }
    } finally {
      server.close();
    }
  });

  it("leaves nothing of its environment in what the engine shows", async () => {
    const canary = `canary-${Math.random().toString(36).slice(2)}`;
    await using sandbox = await fixture.create({
      env: { PATH: "/usr/bin:/bin", HOME: "/home/agent", TOKEN: canary },
    });
    expect((await run(sandbox, ["printenv", "TOKEN"])).stdout.trim()).toBe(canary);
    const container = fixture.engine().getContainer(sandbox.id);
    const inspected = await container.inspect();
    expect(JSON.stringify(inspected)).not.toContain(canary);
    expect(inspected.HostConfig).toMatchObject({
      NetworkMode: "none",
      Privileged: false,
      AutoRemove: false,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges", expect.stringMatching(/^seccomp=\{/)],
      IpcMode: "private",
      PidMode: "",
      Binds: null,
    });
    expect(inspected.Mounts).toEqual([]);
    expect(JSON.stringify(await container.top())).not.toContain(canary);
  });
});

describe("a sandbox with a root of its own", () => {
  it("lets the agent become root, says so, and stays without a network", async () => {
    await using sandbox = await fixture.create({ rootInside: true });
    expect((await sandbox.info()).rootInside).toBe(true);
    expect((await run(sandbox, ["id", "-u"])).stdout).toBe("1000\n");
    const root = await shell(sandbox, 'su root -c "id -u; ls /sys/class/net; touch /usr/made-by-root && echo made"');
    expect(root.stdout).toBe("0\nlo\nmade\n");
    const sudo = await shell(sandbox, "sudo id -u");
    expect(sudo).toMatchObject({ stdout: "0\n", stderr: "", exitCode: 0 });
    const { HostConfig } = await fixture.engine().getContainer(sandbox.id).inspect();
    expect(HostConfig.Privileged).toBe(false);
    expect(HostConfig.NetworkMode).toBe("none");
    expect(HostConfig.CapAdd).not.toContain("SYS_ADMIN");
  });

  it("stops at the end of its lease although something runs as root", async () => {
    await using sandbox = await fixture.create({ rootInside: true });
    const root = await sandbox.spawn(["sudo", "sleep", "600"]);
    // Long enough for its own answer.
    await sandbox.extend(500);
    await until(async () => (await sandbox.info()).state === "stopped", "the sandbox has stopped");
    expect((await root.exit).reason).toBe("lost");
  });

  it("starts a program as root where that is asked for, and ends it with everything it started, also as the user", async () => {
    await using sandbox = await fixture.create({ rootInside: true });
    const other = await sandbox.spawn(["sleep", "601"]);
    const script = "id -u; setsid sleep 602 & setpriv --reuid 1000 --clear-groups sleep 603 & exec sleep 604";
    const root = await sandbox.spawn(["sh", "-c", `mkdir -m 700 /workspace/own; cd /workspace/own; ${script}`], {
      asRoot: true,
    });
    const sleeping = async () => (await shell(sandbox, "pgrep -xa sleep | cut -d' ' -f3 | sort | tr '\\n' ' '")).stdout;
    await until(async () => (await sleeping()) === "601 602 603 604 ", "all of them run");
    await root.kill();
    expect((await root.exit).reason).toBe("killed");
    // The init reaps those that have ended.
    await until(async () => (await sleeping()) === "601 ", "nobody else is left");
    const within = await finish(await sandbox.spawn(["id", "-u"], { asRoot: true, cwd: "/workspace/own" }));
    expect(within.stdout).toBe("0\n");
    const timedOut = await sandbox.spawn(["sleep", "605"], { asRoot: true, timeoutMs: 1 });
    expect((await timedOut.exit).reason).toBe("timeout");
    await other.kill();
  });

  it("is not what a sandbox is unless it is asked for", async () => {
    await using sandbox = await fixture.create();
    expect((await sandbox.info()).rootInside).toBe(false);
    await expect(sandbox.spawn(["id"], { asRoot: true })).rejects.toMatchObject({ code: "capability-unsupported" });
    expect((await shell(sandbox, "su root -c id < /dev/null")).exitCode).not.toBe(0);
    expect((await shell(sandbox, "sudo -n id")).exitCode).not.toBe(0);
  });
});
