import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import type { ModelRequest } from "@glovebox/scripted-model";
import { expect, it } from "vitest";
import { claudeBinary } from "../../../packages/harness-claude-code/test/support/claude-process.ts";
import { setStage } from "./support/stage.ts";
import { bash, say } from "./support/turns.ts";

const token = `ghp_${"aB3dE5gH7j".repeat(4)}`;

it("a session is exported without secrets, and continued from another state directory and by claude on the host", async () => {
  const heard: ModelRequest[] = [];
  await using stage = await setStage({
    turns: [
      bash(`printf 'one\\n${token}\\n' > config.txt; echo changed > a.txt; rm gone.txt`),
      say(`The token is ${token}.`),
      (request) => {
        heard.push(request);
        return JSON.stringify(request.messages).includes("On the host")
          ? say("Here.")
          : bash("cat a.txt > seen.txt; ls");
      },
      say("There."),
    ],
  });
  const [project, other] = [join(stage.directory, "project"), join(stage.directory, "other")];
  for (const directory of [project, other]) {
    mkdirSync(directory);
    for (const name of ["a.txt", "gone.txt"]) writeFileSync(join(directory, name), "before\n");
  }
  const run = (...args: string[]) => stage.glovebox(args, { built: true }).done;
  expect((await run("run", "The first request", "--workspace", "project", "--output", "one")).code).toBe(0);

  const refused = await run("session", "export", "1");
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("config.txt:2 (") });
  const exported = await run("session", "export", "1", "--redact", "-o", "shared.tgz");
  expect(exported.code, exported.stderr).toBe(0);
  const file = join(stage.directory, "shared.tgz");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = gunzipSync(readFileSync(file)).toString("latin1");
  for (const secret of [token, stage.key]) {
    expect(text.includes(secret)).toBe(false);
    for (const { stdout, stderr } of [refused, exported]) expect(stdout + stderr).not.toContain(secret);
  }
  expect((await run("session", "export", "1", "--redact", "-o", "shared.tgz")).code).toBe(2);

  // Somebody else's machine, as far as Glovebox can see.
  const elsewhere = { env: { GLOVEBOX_HOME: join(stage.home, "../elsewhere") }, built: true };
  const elsewhereRun = (...args: string[]) => stage.glovebox(args, elsewhere).done;
  const imported = await elsewhereRun("session", "import", "shared.tgz", "--workspace", "other", "--output", "in");
  expect(imported.code, imported.stderr).toBe(0);
  expect(stage.file("in/config.txt")).toMatch(/^one\n\[removed: .*\]\n$/);
  const resumed = await elsewhereRun("resume", "1", "The second request", "--output", "two");
  expect(resumed.code, resumed.stderr).toBe(0);
  const said = JSON.stringify(heard[0]?.messages);
  for (const words of ["The first request", "The token is [removed: ", "The second request"])
    expect(said).toContain(words);
  expect((await elsewhereRun("apply", "1", "--yes")).code).toBe(0);
  expect(stage.file("other/seen.txt")).toBe("changed\n");
  expect(existsSync(join(other, "gone.txt"))).toBe(false);

  const home = join(stage.directory, "user");
  const onHost = join(stage.directory, "on the.host");
  mkdirSync(onHost);
  const env = { HOME: home, CLAUDE_CONFIG_DIR: join(home, ".claude") };
  const toHost = (...args: string[]) =>
    stage.glovebox(["session", "import", "shared.tgz", "--to-host", "on the.host", "--json", ...args], {
      env,
      built: true,
    }).done;
  const first = JSON.parse((await toHost()).stdout) as { sessionId: string; path: string };
  const second = JSON.parse((await toHost()).stdout) as { sessionId: string; path: string };
  expect(second.sessionId).not.toBe(first.sessionId);
  const { stdout } = await promisify(execFile)(claudeBinary, ["-p", "--resume", second.sessionId, "On the host"], {
    cwd: realpathSync(onHost),
    env: { PATH: process.env.PATH, ...env, ANTHROPIC_API_KEY: stage.key, ANTHROPIC_BASE_URL: stage.modelUrl },
  });
  expect(stdout).toBe("Here.\n");
  const saidHere = JSON.stringify(heard.at(-1)?.messages);
  for (const words of ["The first request", "On the host"]) expect(saidHere).toContain(words);
  expect(await stage.containers()).toEqual([]);
});

it("refuses a session at a URL that leads elsewhere, and gets one from this machine", async () => {
  await using stage = await setStage({ turns: [] });
  const server = createServer((request, response) => {
    if (request.url === "/away") response.writeHead(302, { location: "https://169.254.169.254/latest" }).end();
    else if (request.url === "/plain") response.writeHead(302, { location: "http://example.com/" }).end();
    else response.end("no session");
    expect(request.headers.authorization).toBeUndefined();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const run = async (place: string) =>
    (await stage.glovebox(["session", "import", place], { built: true }).done).stderr;
  try {
    expect(await run(`${url}/away`)).toContain("is redirected to 169.254.169.254, which is a metadata address");
    expect(await run(`${url}/plain`)).toContain("The session is fetched over https");
    expect(await run("http://example.com/session.tgz")).toContain("The session is fetched over https");
    expect(await run("https://me:secret@example.com/session.tgz")).not.toContain("secret@");
    expect(await run("file:///etc/passwd")).toContain("The session is fetched over https");
    expect(await run(`${url}/session.tgz`)).toContain("The file is not a session that Glovebox exported");
  } finally {
    server.close();
  }
});
