import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SandboxAbortedError, SandboxError, SandboxProcessError } from "@glovebox/core/provider";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect, firstText, run, sh, until } from "./collect.ts";
import { type Guest, startGuest } from "./start-guest.ts";

let guest: Guest;
beforeAll(async () => {
  guest = await startGuest();
});
afterAll(() => guest[Symbol.asyncDispose]());

describe("starting a process", () => {
  it("passes every argument on untouched", async () => {
    const args = ["", " ", "$HOME", "a b", "'\"", "\\", "\n", "-n", "*", "ünï", "--"];
    const { stdout } = await run(guest.connection, ["printf", "%s\\0", ...args]);
    expect(stdout.toString().split("\0").slice(0, -1)).toEqual(args);
  });

  it("runs as the user, in the workspace, with no capability and no group but its own", async () => {
    const { stdout } = await run(
      guest.connection,
      sh("id -u; id -g; id -G; pwd; grep -E '^(CapPrm|CapEff|CapAmb|NoNewPrivs)' /proc/self/status"),
    );
    const none = "0000000000000000";
    expect(stdout.toString()).toBe(
      `1000\n1000\n1000\n${guest.workspace}\nCapPrm:\t${none}\nCapEff:\t${none}\nCapAmb:\t${none}\nNoNewPrivs:\t1\n`,
    );
  });

  it("takes variables under the sandbox's own, and leaves what is not given as it was", async () => {
    const { connection } = guest;
    const both = async (): Promise<string> => (await run(connection, sh("echo $A $B"))).stdout.toString().trim();
    await connection.configure({ env: { A: "sandbox" }, baseEnv: { A: "base", B: "base" } });
    expect(await both()).toBe("sandbox base");
    await connection.configure({ baseEnv: { B: "other" } });
    expect(await both()).toBe("sandbox other");
    await connection.configure({ env: {} });
    expect(await both()).toBe("other");
    await connection.configure({ baseEnv: {} });
  });

  it("takes no more certificates than it can hold", async () => {
    const certificates = "x".repeat(1024 * 1024 + 1);
    await expect(guest.connection.configure({ certificates })).rejects.toMatchObject({ code: "invalid-options" });
  });

  it("gives it the image's, the sandbox's and its own environment, in this order", async () => {
    await guest.connection.configure({ env: { A: "sandbox", B: "sandbox" } });
    const { stdout } = await run(guest.connection, ["env"], { env: { B: "process" } });
    const env = stdout.toString().split("\n");
    expect(env).toEqual(
      expect.arrayContaining([
        "IMAGE_VARIABLE=from the image",
        "NODE_OPTIONS=--no-deprecation",
        "A=sandbox",
        "B=process",
        "USER=agent",
      ]),
    );
    expect(env.filter((line) => line.startsWith("GLOVEBOX_SUPERVISOR"))).toEqual([]);
  });

  it("starts in a directory that only the user may enter", async () => {
    await run(guest.connection, sh("mkdir -m 700 private"));
    const directory = join(guest.workspace, "private");
    const { stdout } = await run(guest.connection, ["sh", "-c", "/bin/pwd; tr '\\0' '\\n' < /proc/$$/environ"], {
      cwd: directory,
    });
    expect(stdout.toString()).toMatch(`${directory}\n`);
    // Programs trust the variable, as a shell sets it.
    expect(stdout.toString().split("\n")).toContain(`PWD=${directory}`);
  });

  it("tells a missing program from a missing directory", async () => {
    await expect(guest.connection.spawn(["no-such-program"])).rejects.toThrow(/program no-such-program .* not found/);
    await expect(guest.connection.spawn(["true"], { cwd: "/no/such" })).rejects.toThrow(
      /directory \/no\/such does not exist/,
    );
    await expect(guest.connection.spawn(["true"], { cwd: "/etc/passwd" })).rejects.toBeInstanceOf(SandboxProcessError);
    await expect(guest.connection.spawn(["/etc/passwd"])).rejects.toBeInstanceOf(SandboxProcessError);
  });

  it("looks programs up where the process's own PATH says", async () => {
    await run(
      guest.connection,
      sh("mkdir -p tools && printf '#!/bin/sh\\necho mine' > tools/mine && chmod +x tools/mine"),
    );
    const env = { PATH: `${join(guest.workspace, "tools")}:/usr/bin:/bin` };
    expect((await run(guest.connection, ["mine"], { env })).stdout.toString()).toBe("mine\n");
  });

  it("starts nothing when the signal has fired, and kills what runs when it fires", async () => {
    const { connection, workspace } = guest;
    const signal = AbortSignal.abort();
    await expect(connection.spawn(sh("echo > never"), { signal })).rejects.toBeInstanceOf(SandboxAbortedError);
    const controller = new AbortController();
    const process = await connection.spawn(["sleep", "1000"], { signal: controller.signal });
    controller.abort();
    expect(await process.exit).toEqual({ exitCode: null, signal: "SIGKILL", reason: "killed" });
    expect(existsSync(join(workspace, "never"))).toBe(false);
  });
});

describe("input", () => {
  it("arrives whole, then ends", async () => {
    const stdin = Buffer.alloc(1024 * 1024, "0123456789\n");
    const { stdout } = await run(guest.connection, ["cat"], { stdin });
    expect(stdout.equals(stdin)).toBe(true);
  });

  it("is closed by default", async () => {
    expect((await run(guest.connection, ["cat"])).exit).toEqual({ exitCode: 0, reason: "exited" });
  });

  it("is written piece by piece and closed", async () => {
    const process = await guest.connection.spawn(["cat"], { stdin: "open" });
    const output = process.output[Symbol.asyncIterator]();
    await process.write(Buffer.from("one"));
    expect(await firstText(output)).toBe("one");
    await process.write(Buffer.from("two"));
    expect(await firstText(output)).toBe("two");
    await process.closeInput();
    expect(await process.exit).toEqual({ exitCode: 0, reason: "exited" });
    await expect(process.write(Buffer.from("late"))).rejects.toBeInstanceOf(SandboxProcessError);
  });

  it("that the process does not read is no failure", async () => {
    const { exit } = await run(guest.connection, ["true"], { stdin: Buffer.alloc(5_000_000) });
    expect(exit).toEqual({ exitCode: 0, reason: "exited" });
  });
});

describe("exits", () => {
  it("are exact", async () => {
    expect((await run(guest.connection, sh("exit 0"))).exit).toEqual({ exitCode: 0, reason: "exited" });
    expect((await run(guest.connection, sh("exit 255"))).exit).toEqual({ exitCode: 255, reason: "exited" });
    expect((await run(guest.connection, sh("kill -SEGV $$"))).exit).toEqual({
      exitCode: null,
      signal: "SIGSEGV",
      reason: "killed",
    });
  });

  it("are reported although nobody reads the output, and long after", async () => {
    const process = await guest.connection.spawn(sh("head -c 6000000 /dev/zero; exit 7"));
    expect(await process.exit).toEqual({ exitCode: 7, reason: "exited" });
    await run(guest.connection, ["true"]);
    expect(await process.exit).toEqual({ exitCode: 7, reason: "exited" });
  });

  it("are reported while a child holds the output, which is then cut", async () => {
    const process = await guest.connection.spawn(sh("echo before; sleep 1000 & exit 5"));
    expect(await process.exit).toEqual({ exitCode: 5, reason: "exited" });
    const { stdout, cut } = await collect(process);
    expect({ text: stdout.toString(), cut }).toEqual({ text: "before\n", cut: true });
  });
});

describe("kill", () => {
  const heartbeat = "while :; do date +%s%N > $1; sleep 0.02; done";
  const hiders: Readonly<Record<string, string>> = {
    "a child": 'sh -c "$2" sh "$1" & wait',
    "one that called setsid": 'setsid sh -c "$2" sh "$1" & wait',
    "one whose parents are gone": '(setsid sh -c "$2" sh "$1" &) ; sleep 1000',
    "one without an environment": '(setsid env -i PATH="$PATH" sh -c "$2" sh "$1" &) ; sleep 1000',
  };
  for (const [name, script] of Object.entries(hiders)) {
    it(`reaches ${name}`, async () => {
      const file = join(guest.workspace, `beat-${name.replaceAll(" ", "-")}`);
      const process = await guest.connection.spawn(sh(script, file, heartbeat));
      await until("it beats", () => existsSync(file) && readFileSync(file, "utf8") !== "");
      await process.kill();
      const last = readFileSync(file, "utf8");
      expect(await process.exit).toEqual({ exitCode: null, signal: "SIGKILL", reason: "killed" });
      expect((await run(guest.connection, sh("ps -eo args | grep -c '[d]ate +%s%N'"))).stdout.toString()).toBe("0\n");
      expect(readFileSync(file, "utf8")).toBe(last);
      await process.kill();
    });
  }

  it("spares what another process started", async () => {
    const other = await guest.connection.spawn(["sleep", "1000"]);
    const process = await guest.connection.spawn(["sleep", "1000"]);
    await process.kill();
    const listed = (await guest.connection.processes()).find(({ id }) => id === other.id);
    expect(listed?.exit).toBeUndefined();
    await other.kill();
  });

  it("with another signal reaches only the process itself", async () => {
    const process = await guest.connection.spawn(
      sh("trap 'echo caught; exit 9' TERM; echo ready; while :; do sleep 0.01; done"),
    );
    const output = process.output[Symbol.asyncIterator]();
    expect(await firstText(output)).toBe("ready\n");
    await process.kill("SIGTERM");
    expect(await firstText(output)).toBe("caught\n");
    expect(await process.exit).toEqual({ exitCode: 9, reason: "exited" });
    const another = await guest.connection.spawn(["sleep", "1000"]);
    await expect(another.kill("SIGNOSUCH")).rejects.toBeInstanceOf(SandboxError);
    await another.kill();
  });

  it("comes with the time-out", async () => {
    const { exit } = await run(guest.connection, sh("setsid sleep 1000 & sleep 1000"), { timeoutMs: 200 });
    expect(exit).toEqual({ exitCode: null, signal: "SIGKILL", reason: "timeout" });
    expect((await run(guest.connection, sh("ps -eo args | grep -c '[s]leep 1000'"))).stdout.toString()).toBe("1\n");
  });
});

it("lists what runs and what ran", async () => {
  const process = await guest.connection.spawn(["sleep", "1000"], { tag: "listed" });
  const find = async () => (await guest.connection.processes()).find(({ id }) => id === process.id);
  expect(await find()).toMatchObject({ argv: ["sleep", "1000"], tag: "listed", pid: process.pid });
  await process.kill();
  expect((await find())?.exit?.reason).toBe("killed");
});

it("cannot be signalled or read by the user", async () => {
  const script =
    "pid=$(ps -eo pid,args | awk '/[s]upervisor.cjs serve/ {print $1; exit}'); kill -9 $pid; kill -STOP $pid; cat /proc/$pid/environ; ls /proc/$pid/fd; ls /run/glovebox; echo done";
  const { stdout, stderr } = await run(guest.connection, sh(script));
  expect(stdout.toString()).toBe("done\n");
  expect(stderr.toString().match(/not permitted|ermission denied/g)).toHaveLength(5);
});
