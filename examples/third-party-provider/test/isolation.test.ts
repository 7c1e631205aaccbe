import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { exec } from "@glovebox/core/exec";
import { ownerLabel, runLabel, type Sandbox, type SandboxProvider } from "@glovebox/core/provider";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBubblewrapProvider } from "../src/index.ts";

const { ready } = await createBubblewrapProvider({ stateDir: tmpdir() }).preflight();

// Where nothing says that bubblewrap should be there, a machine may be without it.
describe.skipIf(!ready && !process.env.CI)("a sandbox", () => {
  const stateDir = mkdtempSync(join(tmpdir(), "glovebox-bubblewrap-"));
  const secret = join(stateDir, "secret");
  let provider: SandboxProvider;
  let sandbox: Sandbox;

  beforeAll(async () => {
    writeFileSync(secret, "the host's own");
    provider = createBubblewrapProvider({ stateDir });
    const template = await provider.prepare({ base: { kind: "default" }, layers: [] });
    sandbox = await provider.create({
      template,
      labels: { [ownerLabel]: "isolation", [runLabel]: "isolation" },
      ttlMs: 600_000,
      env: {},
      egress: { mode: "none", models: [] },
      idempotencyKey: "isolation",
    });
  });
  afterAll(async () => {
    await sandbox.destroy();
    rmSync(stateDir, { recursive: true, force: true });
  });

  async function inside(script: string, input?: string): Promise<string> {
    const argv = ["/bin/sh", "-c", `exec 2>&1; ${script}`] as const;
    return (await exec(sandbox, argv, { stripFinalNewline: false, ...(input !== undefined && { input }) })).stdout;
  }

  it("sees none of the host's files, processes, addresses and names", async () => {
    expect(await inside(`cat ${secret}; ls /root /sys /boot; ls /etc/ssh /etc/shadow; ls /home`)).not.toContain("own");
    expect((await inside("ls /home")).trim()).toBe("agent");
    expect((await inside("ls -d /proc/[0-9]* | wc -l")).trim()).toMatch(/^[1-9]$/);
    expect((await inside("tail -n +3 /proc/net/dev | cut -d: -f1")).trim()).toBe("lo");
    expect((await inside("hostname; uname -n")).trim()).toBe("glovebox\nglovebox");
  });

  it("reaches no service of the host", async () => {
    const server = createServer((socket) => socket.end("reached"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    expect(
      await inside(`node -e 'require("net").connect(${port}, "127.0.0.1").on("error", (e) => console.log(e.code))'`),
    ).toBe("ECONNREFUSED\n");
    server.close();
  });

  it("has no right that leads out: namespaces, mounts, kernel sockets, keys", async () => {
    expect(await inside("unshare --user true")).toContain("Operation not permitted");
    expect(await inside("unshare --user --map-root-user --mount true; echo $?")).not.toMatch(/^0$/m);
    expect(await inside("grep -E '^(CapEff|CapPrm|NoNewPrivs|Seccomp):' /proc/self/status | tr -s '\\t ' ' '")).toBe(
      "CapPrm: 0000000000000000\nCapEff: 0000000000000000\nNoNewPrivs: 1\nSeccomp: 2\n",
    );
    for (const family of [38, 40]) {
      const script = `python3 -c 'import socket; socket.socket(${family}, socket.SOCK_STREAM)'`;
      expect(await inside(`command -v python3 >/dev/null || echo "Errno 97"; ${script}`)).toContain("Errno 97");
    }
    expect(await inside("touch /usr/x /etc/x /x /opt/glovebox/x; echo done")).toMatch(
      /(Read-only|Permission).*(\n.*){3}done/,
    );
  });

  it("cannot reach its supervisor", async () => {
    expect(
      await inside("kill -9 1; kill -9 2; kill -STOP 2; cat /proc/1/environ /proc/2/environ; ls /run/glovebox"),
    ).not.toContain("GLOVEBOX");
    expect((await sandbox.info()).state).toBe("running");
  });

  it("inherits nothing that the process that made it had open", async () => {
    const directory = join(stateDir, "opened");
    mkdirSync(directory);
    const script = `
      import { createBubblewrapProvider } from ${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)};
      const provider = createBubblewrapProvider({ stateDir: ${JSON.stringify(stateDir)} });
      const template = await provider.prepare({ base: { kind: "default" }, layers: [] });
      const sandbox = await provider.create({ template, labels: { "${ownerLabel}": "x", "${runLabel}": "x" }, ttlMs: 60_000,
        env: {}, egress: { mode: "none", models: [] }, idempotencyKey: "opened" });
      try {
        const process_ = await sandbox.spawn(["/bin/ls", "-l", "/proc/self/fd"]);
        for await (const chunk of process_.output) if ("bytes" in chunk) process.stdout.write(chunk.bytes);
      } finally {
        await sandbox.destroy();
      }`;
    const node = [process.execPath, "--conditions=@glovebox/source", "--input-type=module", "-e", script];
    const opened = openSync(directory, "r");
    // The shell hands its child what it has open, as a careless parent does.
    const { stdout } = await promisify(execFile)("/bin/sh", ["-c", `exec 9<"$0"; exec "$@"`, directory, ...node]);
    expect(opened).toBeGreaterThan(0);
    expect(stdout).toContain("0 ->");
    expect(stdout).not.toMatch(/ 9 ->/);
    expect(stdout).not.toContain("opened");
  });

  it("is given to the agent whatever the umask of its maker, who need not be root", { timeout: 300_000 }, async () => {
    expect(await inside("id -un; stat -c %U /workspace /home/agent; touch /workspace/x && echo yes")).toBe(
      "agent\nagent\nagent\nyes\n",
    );
    if (userInfo().uid !== 0) return;
    expect(await asPlainUser(stateDir)).toContain("agent\nagent yes\n");
  });
});

/** Makes a sandbox as a user who is not root, of a machine (in a mount namespace) that gives that user further ids. */
async function asPlainUser(directory: string): Promise<string> {
  const home = join(directory, "plain");
  const module = new URL("../src/index.ts", import.meta.url).href;
  const script = `
    import { createBubblewrapProvider } from ${JSON.stringify(module)};
    const provider = createBubblewrapProvider({ stateDir: ${JSON.stringify(join(home, "state"))} });
    const { ready, findings } = await provider.preflight();
    if (!ready) throw new Error(JSON.stringify(findings));
    const template = await provider.prepare({ base: { kind: "default" }, layers: [] });
    const sandbox = await provider.create({ template, labels: { "${ownerLabel}": "x", "${runLabel}": "x" }, ttlMs: 60_000,
      env: {}, egress: { mode: "none", models: [] }, idempotencyKey: "plain" });
    try {
      const made = await sandbox.spawn(["/bin/sh", "-c", "id -un; echo $(stat -c %U /workspace) $(touch x && echo yes)"]);
      for await (const chunk of made.output) if ("bytes" in chunk) process.stdout.write(chunk.bytes);
    } finally {
      await sandbox.destroy();
    }
    for await (const left of provider.list({ labels: {} })) console.log("left", left.id);`;
  const setUp = `
    set -e
    mkdir -m 700 "$0"; chown 54321:54321 "$0"; chmod 711 "$(dirname "$0")"
    for file in passwd group subuid subgid; do touch "/etc/$file"; cp "/etc/$file" "$0.$file"; done
    echo "someone:x:54321:54321::$0:/bin/sh" >> "$0.passwd"
    echo "someone:x:54321:" >> "$0.group"
    for file in subuid subgid; do echo "someone:300000:65536" >> "$0.$file"; done
    for file in passwd group subuid subgid; do mount --bind "$0.$file" "/etc/$file"; done
    umask 077
    cd /
    exec env -i "HOME=$0" "PATH=$PATH" setpriv --reuid 54321 --regid 54321 --clear-groups "$@"`;
  const node = [process.execPath, "--conditions=@glovebox/source", "--input-type=module", "-e", script];
  const { stdout } = await promisify(execFile)("unshare", ["--mount", "/bin/sh", "-c", setUp, home, ...node]);
  return stdout;
}
