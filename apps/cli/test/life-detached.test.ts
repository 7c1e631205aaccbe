import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kill } from "node:process";
import { describe, expect, it } from "vitest";
import { runnersIn } from "./support/runners-in.ts";
import { type CommandOptions, type Stage, setStage, until } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

/** An agent that has written a file and then works until it is stopped. */
const busy = [write("made.txt", "made"), bash("tail -f /dev/null"), say("Done.")];

async function detach(stage: Stage, args: readonly string[] = [], options: CommandOptions = {}): Promise<string> {
  const done = await stage.glovebox(["run", "Try a secret plan", "--detach", ...args], options).done;
  expect(done.code, done.stderr).toBe(0);
  return done.stdout.trim();
}

const isWorking = (stage: Stage) => () =>
  stage.events().some((event) => event.type === "tool.start" && event.name === "Bash");

async function untilWorking(stage: Stage): Promise<number> {
  await until("the agent works", isWorking(stage));
  const [pid] = runnersIn(stage.home).values();
  if (pid === undefined) throw new Error("no runner carries the run");
  return pid;
}

describe("a detached run", () => {
  it("is carried by a process that nothing ties to the command, its terminal or its directory", async () => {
    await using stage = await setStage({ turns: busy });
    const args = ["--output", "out", "--env", "TOKEN_OF_MINE"];
    const secret = "a-value-that-nobody-else-may-read";
    const runId = await detach(stage, args, { env: { TOKEN_OF_MINE: secret, GLOVEBOX_HOME: "../home" } });
    expect(runId).toMatch(/^\d{8}-\d{6}-[a-z0-9]{6}$/);
    const pid = await untilWorking(stage);
    const proc = (name: string) => readFileSync(`/proc/${pid}/${name}`, "utf8");
    const [, ppid, , session, terminal] = proc("stat")
      .replace(/^.*[)] /s, "")
      .split(" ");
    expect({ ppid, session, terminal }).toEqual({ ppid: "1", session: String(pid), terminal: "0" });
    expect([0, 1, 2].map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))).toEqual(Array(3).fill("/dev/null"));
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe(stage.home);
    expect(proc("cmdline")).not.toMatch(new RegExp(`secret plan|${stage.key}|${secret}`));
    kill(pid, "SIGHUP");
    const impatient = await stage.glovebox(["wait", runId, "--timeout", "1s"]).done;
    expect(impatient).toMatchObject({ code: 124, stdout: `${runId.slice(-6)} running\n` });
    expect((await stage.glovebox(["ps", "--json"]).done).stdout).toContain('"isAlive":true');
    kill(pid, "SIGTERM");
    const waited = await stage.glovebox(["wait", runId, "--json"]).done;
    expect(waited.code, waited.stderr).toBe(130);
    expect(JSON.parse(waited.stdout)).toMatchObject({ runId, state: "cancelled", exitCode: 130 });
    expect(stage.file("out/made.txt")).toBe("made");
    expect(await stage.containers()).toEqual([]);
    const log = readFileSync(join(stage.home, "runs", runId, "runner.log"), "utf8");
    expect(log).toContain("Cancelling");
    expect(log).not.toContain(secret);
  });

  it("may be followed from any event, and Ctrl-C in a follower changes nothing in it", async () => {
    await using stage = await setStage({ turns: [write("made.txt", "made"), bash("sleep 3"), say("Done.")] });
    const runId = await detach(stage, ["--output", "out", "--json"]).then((line) => JSON.parse(line).runId as string);
    const first = stage.glovebox(["logs", runId, "-f", "--json"], {
      onEvent: ({ seq }, { process }) => {
        if (seq === 4) process.kill("SIGINT");
      },
    });
    const stopped = await first.done;
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain(`continues. Stop it: glovebox stop ${runId.slice(-6)}`);
    const seen = stopped.events;
    const rest = await stage.glovebox(["logs", runId, "-f", "--json", "--from", String(seen.length + 1)]).done;
    expect(rest.code, rest.stderr).toBe(0);
    expect([...seen, ...rest.events]).toEqual(stage.events());
    const waited = await stage.glovebox(["wait", runId]).done;
    expect(waited).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\S+ succeeded in /) });
    expect(stage.file("out/made.txt")).toBe("made");
  });

  it("whose process is killed is recovered once by the commands that name it, and then they do their work", async () => {
    await using stage = await setStage({ turns: busy });
    const runId = await detach(stage, ["--workspace", ".", "--output", "../out"]);
    const following = stage.glovebox(["logs", runId, "-f", "--json"]).done;
    kill(await untilWorking(stage), "SIGKILL");
    const all = [stage.glovebox(["wait", runId]).done, stage.glovebox(["diff", runId, "--name-only"]).done, following];
    const [waited, diff, followed] = await Promise.all(all);
    expect(waited, waited?.stderr).toMatchObject({
      code: 4,
      stdout: expect.stringContaining(" failed: The process that ran it ended"),
    });
    expect(diff, diff?.stderr).toMatchObject({ code: 0, stdout: "made.txt\n" });
    expect(followed?.code, followed?.stderr).toBe(0);
    expect(followed?.events).toEqual(stage.events());
    expect(stage.events().filter(({ type }) => type === "run.end")).toHaveLength(1);
    const recoveries = [waited, diff, followed].filter((done) => done?.stderr.includes("are in"));
    expect(recoveries, "one of them has brought the files back").toHaveLength(1);
    expect(stage.file("../out/made.txt")).toBe("made");
    expect(await stage.containers()).toEqual([]);
    const next = await stage.glovebox(["resume", runId, "Continue", "--detach", "--output", "../next"]).done;
    expect(next.code, next.stderr).toBe(0);
    const ended = await stage.glovebox(["wait", next.stdout.trim(), runId]).done;
    expect(ended, ended.stderr).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/^(?!.*failed).* succeeded in/m),
    });
    expect(await stage.glovebox(["stop", "1", runId]).done).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^(.* is not running\.\n){2}$/),
    });
  });
});

describe("a detached run that cannot start", () => {
  it.concurrent.each([
    ["no credential", ["run", "Try"], { ANTHROPIC_API_KEY: undefined }],
    ["an output that holds files", ["run", "Try", "--output", "."], {}],
    ["no engine", ["run", "Try"], { DOCKER_HOST: "unix:///nowhere.sock" }],
  ])("for %s fails as it would in the foreground, and leaves nothing", async (_, args, env) => {
    await using stage = await setStage({ turns: [say("Done.")] });
    const [command = "", ...others] = args;
    writeFileSync(join(stage.directory, "mine.txt"), "mine");
    const detached = await stage.glovebox([command, "--detach", ...others], { env }).done;
    expect(detached.code).not.toBe(0);
    expect(existsSync(join(stage.home, "runs")) ? readdirSync(join(stage.home, "runs")) : []).toEqual([]);
    expect(runnersIn(stage.home).size).toBe(0);
    const foreground = await stage.glovebox(args, { env }).done;
    expect({ ...detached, events: [] }).toEqual({ ...foreground, events: [] });
  });
});
