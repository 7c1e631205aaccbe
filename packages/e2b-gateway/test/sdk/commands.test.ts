import { AuthenticationError, CommandExitError, InvalidArgumentError, NotFoundError, Sandbox, TimeoutError } from "e2b";
import { beforeAll, describe, expect, test } from "vitest";
import { sdkFixture } from "./sdk-fixture.ts";

const fixture = sdkFixture();
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await fixture.keep({ envs: { OF_SANDBOX: "sandbox", BOTH: "sandbox" } });
});

describe("a command that ends", () => {
  test("gives its output and exit code", async () => {
    const result = await sandbox.commands.run("echo out; echo err >&2");
    expect(result).toMatchObject({ exitCode: 0, stdout: "out\n", stderr: "err\n" });
    expect(result.error).toBeUndefined();
  });

  test("that fails throws with all that is known", async () => {
    const error = await sandbox.commands.run("echo out; echo err >&2; exit 3").catch((thrown: unknown) => thrown);
    if (!(error instanceof CommandExitError)) throw error;
    expect(error).toMatchObject({ exitCode: 3, stdout: "out\n", stderr: "err\n", error: "exit status 3" });
    expect(error.message).toBe("exit status 3");
    expect(error.name).toBe("CommandExitError");
  });

  test("that is not there exits with 127, what cannot be executed with 126", async () => {
    await expect(sandbox.commands.run("no-such-command")).rejects.toMatchObject({
      exitCode: 127,
      stderr: expect.stringContaining("command not found"),
    });
    await expect(sandbox.commands.run("/etc/passwd")).rejects.toMatchObject({ exitCode: 126 });
  });

  test("by a signal says which", async () => {
    await expect(sandbox.commands.run("kill -TERM $$")).rejects.toMatchObject({
      exitCode: -1,
      error: "signal: terminated",
    });
  });

  test.for(["!@#$%^&*()_+", "two\nlines", "ünïcödé ☃ 𝒳 漢字", " spaces ", "tab\tand 'quotes' and \\"])(
    "prints %j as it was given",
    async (text) => {
      const { stdout } = await sandbox.commands.run('printf %s "$TEXT"', { envs: { TEXT: text } });
      expect(stdout).toBe(text);
    },
  );

  test("characters cut between two writes come whole", async () => {
    const { stdout } = await sandbox.commands.run(
      "printf '\\xe2\\x98'; sleep 0.3; printf '\\x83\\xf0\\x9f'; sleep 0.3; printf '\\x98\\x80'",
    );
    expect(stdout).toBe("☃😀");
  });

  test("bytes that are no text come as replacement characters, and do no harm", async () => {
    const { stdout } = await sandbox.commands.run("printf 'a\\xff\\x00b'");
    expect(stdout).toBe("a\ufffd\u0000b");
  });

  test("ten megabytes of output come whole and in order", async () => {
    const { stdout } = await sandbox.commands.run("seq 1 1500000");
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(1_500_000);
    expect(lines.every((line, index) => line === String(index + 1))).toBe(true);
  });

  test("a long command line arrives", async () => {
    const text = "x".repeat(100_000);
    expect((await sandbox.commands.run(`echo ${text} | wc -c`)).stdout.trim()).toBe("100001");
  });
});

describe("callbacks", () => {
  test("see the output while the command runs, in order", async () => {
    const seen: string[] = [];
    const result = await sandbox.commands.run("for i in 1 2 3; do echo out $i; echo err $i >&2; sleep 0.1; done", {
      onStdout: (data) => void seen.push(`out:${data}`),
      onStderr: async (data) => void seen.push(`err:${data}`),
    });
    expect(seen.filter((line) => line.startsWith("out:")).join("")).toBe("out:out 1\nout:out 2\nout:out 3\n");
    expect(seen.filter((line) => line.startsWith("err:")).join("")).toBe("err:err 1\nerr:err 2\nerr:err 3\n");
    expect(result.stdout).toBe("out 1\nout 2\nout 3\n");
  });

  test("come before the end: output is not held back", async () => {
    let first: () => void = () => {};
    const shown = new Promise<void>((resolve) => {
      first = resolve;
    });
    const running = await sandbox.commands.run("echo ready; read line; echo got $line", {
      background: true,
      stdin: true,
      onStdout: () => first(),
    });
    await shown;
    expect(running.exitCode).toBeUndefined();
    await running.sendStdin("it\n");
    expect((await running.wait()).stdout).toBe("ready\ngot it\n");
  });
});

describe("where and as whom", () => {
  test("the default is the user in its home, with a login shell's environment", async () => {
    const { stdout } = await sandbox.commands.run(
      'whoami; pwd; echo "$HOME $USER $LOGNAME"; shopt -q login_shell && echo login',
    );
    expect(stdout).toBe("user\n/home/user\n/home/user user user\nlogin\n");
    expect((await sandbox.commands.run("echo $PATH")).stdout).toMatch(/\/usr\/bin(:|$)/m);
  });

  test("root is root, in root's home", async () => {
    const { stdout } = await sandbox.commands.run("id -u; pwd; echo $HOME", { user: "root" });
    expect(stdout).toBe("0\n/root\n/root\n");
  });

  test("the user may become root by sudo", async () => {
    expect((await sandbox.commands.run("sudo id -u")).stdout).toBe("0\n");
  });

  test("a user that does not exist is refused", async () => {
    await expect(sandbox.commands.run("true", { user: "nobody-here" })).rejects.toBeInstanceOf(AuthenticationError);
  });

  test("cwd, absolute and from home", async () => {
    await sandbox.files.makeDir("work/deep");
    expect((await sandbox.commands.run("pwd", { cwd: "/tmp" })).stdout).toBe("/tmp\n");
    expect((await sandbox.commands.run("pwd", { cwd: "work/deep" })).stdout).toBe("/home/user/work/deep\n");
    expect((await sandbox.commands.run("pwd", { cwd: "~/work" })).stdout).toBe("/home/user/work\n");
    await expect(sandbox.commands.run("pwd", { cwd: "/no/such/directory" })).rejects.toBeInstanceOf(
      InvalidArgumentError,
    );
  });

  test("variables: the command's over the sandbox's, and for the command alone", async () => {
    const print = 'echo "$OF_SANDBOX $BOTH $OWN"';
    const own = await sandbox.commands.run(print, { envs: { BOTH: "command", OWN: "command" } });
    expect(own.stdout).toBe("sandbox command command\n");
    expect((await sandbox.commands.run(print)).stdout).toBe("sandbox sandbox \n");
    expect((await sandbox.commands.run(print, { user: "root" })).stdout).toBe("sandbox sandbox \n");
  });

  test("the sandbox knows that it is one", async () => {
    const variables = await sandbox.commands.run("echo $E2B_SANDBOX $E2B_SANDBOX_ID");
    expect(variables.stdout).toBe(`true ${sandbox.sandboxId}\n`);
    const files = await sandbox.commands.run("cat /run/e2b/.E2B_SANDBOX; echo; cat /run/e2b/.E2B_SANDBOX_ID");
    expect(files.stdout.trim()).toBe(`true\n${sandbox.sandboxId}`);
  });

  test("the usual tools are there", async () => {
    await sandbox.commands.run(
      "for tool in python python3 pip3 node npm git curl openssl tput sudo tar; do command -v $tool; done",
    );
  });
});

describe("limits of time", () => {
  test("timeoutMs ends the command, in the sandbox too", async () => {
    await expect(sandbox.commands.run("sleep 4242", { timeoutMs: 1_000 })).rejects.toBeInstanceOf(TimeoutError);
    await expect
      .poll(async () => (await sandbox.commands.run("pgrep -fc '^sleep 4242' || true")).stdout, { timeout: 20_000 })
      .toBe("0\n");
  });

  test("0 is no limit", async () => {
    expect((await sandbox.commands.run("sleep 1; echo done", { timeoutMs: 0 })).stdout).toBe("done\n");
  });

  test("a signal that aborts ends the wait", async () => {
    const controller = new AbortController();
    const running = sandbox.commands.run("echo up; sleep 60", {
      signal: controller.signal,
      onStdout: () => controller.abort(),
    });
    await expect(running).rejects.toThrow();
  });
});

describe("in the background", () => {
  test("a handle tells what runs, and the list knows it", async () => {
    const running = await sandbox.commands.run("sleep 600", { background: true, cwd: "/tmp", envs: { A: "1" } });
    expect(running.pid).toBeGreaterThan(0);
    expect(running.exitCode).toBeUndefined();
    const listed = (await sandbox.commands.list()).find(({ pid }) => pid === running.pid);
    expect(listed).toMatchObject({ cmd: "/bin/bash", args: ["-l", "-c", "sleep 600"], cwd: "/tmp" });
    expect(listed?.envs).toMatchObject({ A: "1" });

    expect(await running.kill()).toBe(true);
    await expect(running.wait()).rejects.toMatchObject({ exitCode: -1, error: "signal: killed" });
    expect(await running.kill()).toBe(false);
    expect(await sandbox.commands.kill(running.pid)).toBe(false);
    expect((await sandbox.commands.list()).map(({ pid }) => pid)).not.toContain(running.pid);
  });

  test("input by text and bytes, to its end", async () => {
    const running = await sandbox.commands.run("cat", { background: true, stdin: true });
    await running.sendStdin("one ");
    await sandbox.commands.sendStdin(running.pid, new TextEncoder().encode("zwei ☃\n"));
    await running.sendStdin("");
    await running.closeStdin();
    expect((await running.wait()).stdout).toBe("one zwei ☃\n");
  });

  test("input without the option: none, and sending it is refused", async () => {
    expect((await sandbox.commands.run("cat; echo end")).stdout).toBe("end\n");
    const running = await sandbox.commands.run("sleep 600", { background: true });
    await expect(running.sendStdin("x")).rejects.toThrow();
    await running.kill();
    await running.wait().catch(() => {});
  });

  test("a megabyte of input arrives whole", async () => {
    const running = await sandbox.commands.run("sha256sum", { background: true, stdin: true });
    const bytes = new Uint8Array(1_000_000).map((_, index) => index % 251);
    await running.sendStdin(bytes);
    await running.closeStdin();
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
    expect((await running.wait()).stdout).toBe(`${digest}  -\n`);
  });

  test("a second client connects, feeds it and sees its end; so does the first", async () => {
    const running = await sandbox.commands.run("echo first; read line; echo second $line", {
      background: true,
      stdin: true,
    });
    const other = await Sandbox.connect(sandbox.sandboxId);
    let seen = "";
    const connected = await other.commands.connect(running.pid, {
      onStdout: (data) => {
        seen += data;
      },
    });
    expect(connected.pid).toBe(running.pid);
    await connected.sendStdin("line\n");
    expect((await connected.wait()).exitCode).toBe(0);
    expect(seen).toContain("second line\n");
    expect((await running.wait()).stdout).toBe("first\nsecond line\n");
  });

  test("keeps running when its client disconnects", async () => {
    const running = await sandbox.commands.run("sleep 1; echo survived > survived.txt", { background: true });
    await running.disconnect();
    await expect.poll(() => sandbox.files.exists("survived.txt"), { timeout: 20_000 }).toBe(true);
  });

  test("ids of nothing are not found", async () => {
    await expect(sandbox.commands.connect(4_000_000)).rejects.toBeInstanceOf(NotFoundError);
    await expect(sandbox.commands.sendStdin(4_000_000, "x")).rejects.toBeInstanceOf(NotFoundError);
    expect(await sandbox.commands.kill(4_000_000)).toBe(false);
  });

  test("a child that outlives the shell does not hold the command back", async () => {
    const { stdout } = await sandbox.commands.run("(sleep 30 > /dev/null 2>&1 &) ; echo gone on");
    expect(stdout).toBe("gone on\n");
  });

  test("fifty at once", async () => {
    const results = await Promise.all(Array.from({ length: 50 }, (_, index) => sandbox.commands.run(`echo ${index}`)));
    expect(results.map(({ stdout }) => stdout)).toEqual(results.map((_, index) => `${index}\n`));
  });
});
