import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Stage, setStage, until } from "./support/stage.ts";
import { say } from "./support/turns.ts";

const echo = `require("net").createServer({ allowHalfOpen: true }, (s) => { s.write("hi "); s.pipe(s); }).listen(5432, "127.0.0.1")`;

async function keepWithEcho(stage: Stage): Promise<void> {
  const { code, stderr } = await stage.glovebox(["run", "Try", "--keep", "--output", "out"]).done;
  expect(code, stderr).toBe(0);
  const start = ["exec", "--", "sh", "-c", `nohup node -e '${echo}' > /dev/null 2>&1 &`];
  expect((await stage.glovebox(start).done).code).toBe(0);
}

/** What a port answers to some words and the end of the input; the code of the error if there is one. */
async function ask(port: number, words: string): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  let answer = "";
  socket.on("data", (bytes: Buffer) => {
    answer += bytes;
  });
  const failed = once(socket, "error").then(([error]) => (error as NodeJS.ErrnoException).code ?? "");
  socket.end(words);
  return await Promise.race([failed, once(socket, "end").then(() => answer)]);
}

it("ports of a sandbox are forwarded for any protocol until Ctrl-C, and one that nothing listens on does no harm", async () => {
  await using stage = await setStage({ turns: [say("Done.")] });
  await keepWithEcho(stage);
  const forwarding = stage.glovebox(["port", "1", "0:5432", "0:9", "--json"]);
  let printed = "";
  forwarding.process.stdout?.on("data", (text: string) => {
    printed += text;
  });
  await until("both addresses", () => printed.trim().split("\n").length === 2);
  const [served, dead] = printed
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { port: number; inside: number });
  expect(await ask(dead?.port ?? 0, "anyone?")).toBe("ECONNRESET");
  expect(await ask(served?.port ?? 0, "over TCP")).toBe("hi over TCP");
  forwarding.process.kill("SIGINT");
  expect(await forwarding.done).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("port 9 of the sandbox yet"),
  });
  expect(await stage.glovebox(["port", "1", "0.0.0.0:80"]).done).toMatchObject({ code: 2 });
});

interface Ssh {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

it("OpenSSH runs commands, copies files and reaches ports of a sandbox through the proxy, and nothing of this machine", async () => {
  await using stage = await setStage({ turns: [say("Done.")] });
  await keepWithEcho(stage);
  const config = join(stage.directory, "config");
  writeFileSync(config, (await stage.glovebox(["ssh", "--config"]).done).stdout);
  expect(statSync(join(stage.home, "ssh/host_key")).mode & 0o777).toBe(0o600);
  const run = async (program: "ssh" | "scp" | "sftp", args: readonly string[], input = ""): Promise<Ssh> =>
    await new Promise((resolve) => {
      const options = { cwd: stage.directory, env: stage.env, timeout: 60_000 };
      const child = execFile(program, ["-F", config, ...args], options, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
      );
      child.stdin?.end(input);
    });

  const command = 'cat; echo "$MINE" >&2; pwd; exit 7';
  expect(await run("ssh", ["-o", "SetEnv=MINE=set", "glovebox-1", command], "typed ")).toMatchObject({
    code: 7,
    stdout: "typed /workspace\n",
    stderr: "set\n",
  });
  expect((await run("ssh", ["-tt", "glovebox-1", "tty; exit 3"])).code).toBe(3);
  expect((await run("ssh", ["-W", "localhost:5432", "glovebox-1"], "through ssh")).stdout).toBe("hi through ssh");
  expect((await run("ssh", ["-W", "example.com:80", "glovebox-1"])).code).not.toBe(0);
  expect((await run("ssh", ["-l", "root", "glovebox-1", "true"])).stderr).toContain("Permission denied");

  const big = randomBytes(3_000_000);
  writeFileSync(join(stage.directory, "big"), big);
  expect(await run("scp", ["big", "glovebox-1:copy"])).toMatchObject({ code: 0 });
  expect(await run("scp", ["glovebox-1:copy", "back"])).toMatchObject({ code: 0 });
  expect(readFileSync(join(stage.directory, "back")).equals(big)).toBe(true);
  const batch = "mkdir d\nrename copy d/copy\nln -s d e\nls e/\nchmod 600 d/copy\nls -l d\nget missing\n";
  const listed = await run("sftp", ["-b", "-", "glovebox-1"], batch);
  expect(listed.stdout).toMatch(/e\/copy[\s\S]*-rw-------/);
  expect(listed).toMatchObject({ code: 1, stderr: expect.stringContaining("missing") });
}, 300_000);
