import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runEventSchema } from "@glovebox/core";
import { describe, expect, it } from "vitest";
import { type CommandOptions, setStage, until } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

const page = [write("index.html", "<h1>hello</h1>"), say("The page is there.")];
const noKey = { ANTHROPIC_API_KEY: undefined, ANTHROPIC_BASE_URL: undefined };

describe("a run for people", () => {
  it("says what the agent says and what came of it on stdout, and the rest on stderr", async () => {
    await using stage = await setStage({ turns: page });
    const { code, stdout, stderr } = await stage.glovebox(["run", "Build a page"]).done;
    expect(code).toBe(0);
    expect(stdout).toContain("The page is there.\n");
    expect(stdout).toContain("✓ Done\n  + index.html");
    expect(stdout).toContain(`where  ./sandbox-${stage.result().runId}\n`);
    expect(stderr).toContain("● Write index.html\n");
    expect(stderr).toContain("Creating the sandbox\n");
    expect(stdout + stderr).not.toContain("\u001b");
    expect(stage.file(`sandbox-${stage.result().runId}/index.html`)).toBe("<h1>hello</h1>");
  });

  it("lets nothing of the agent's reach the terminal as a control sequence", async () => {
    const evil = "\u001b]0;owned\u0007\u001b[2J\u009b31m\r";
    await using stage = await setStage({
      turns: [
        bash(`touch "$(printf 'x\\033[2J\\342\\200\\256y')"; printf '${evil}'; exit 1`, `a${evil}b`),
        say(`${evil}end`),
      ],
    });
    const { code, stdout, stderr } = await stage.glovebox(["run", "Try", "--output", "out"]).done;
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(/(?![\n\t])\p{Cc}/u);
    expect(stdout + stderr).not.toContain("\u202e");
  });

  it("says with --quiet where the files are, and nothing else", async () => {
    await using stage = await setStage({ turns: page });
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--quiet"]).done;
    expect(done).toMatchObject({ code: 0, stdout: "./out\n", stderr: "" });
  });

  it("continues to its end when nobody reads its output", async () => {
    await using stage = await setStage({ turns: page });
    for (const args of [[], ["--json"]]) {
      const command = stage.glovebox(["run", "Try", "--output", `out${args.length}`, ...args]);
      command.process.stdout?.once("data", () => command.process.stdout?.destroy());
      const { code } = await command.done;
      expect(code).toBe(0);
      expect(stage.file(`out${args.length}/index.html`)).toBe("<h1>hello</h1>");
    }
    expect(await stage.containers()).toEqual([]);
  });
});

it("--json gives events and nothing else, each as published", async () => {
  await using stage = await setStage({ turns: page });
  const { code, stdout, stderr } = await stage.glovebox(["run", "--json", "--output", "out"], { stdin: "From a pipe" })
    .done;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const events = stdout
    .trimEnd()
    .split("\n")
    .map((line) => runEventSchema.parse(JSON.parse(line)));
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.at(-1)).toMatchObject({ type: "run.end", outcome: "succeeded", exitCode: 0 });
  expect(stdout).toBe(readFileSync(join(stage.home, "runs", stage.result().runId, "events.ndjson"), "utf8"));
});

describe("demo", () => {
  it("without a key runs the whole pipeline, says so plainly, and a second time takes a fresh directory", async () => {
    await using stage = await setStage({ turns: [] });
    for (const directory of ["glovebox-demo", "glovebox-demo-2"]) {
      const { code, stdout, stderr } = await stage.glovebox(["demo", "--yes"], { env: noKey }).done;
      expect(code).toBe(0);
      expect(stderr).toContain("a scripted model on this machine answers");
      expect(stderr).toContain("export ANTHROPIC_API_KEY=");
      expect(stderr).toContain(`open ./${directory}/index.html`);
      expect(stdout).toContain(`where  ./${directory}\n`);
      expect(stdout).toContain("scripted: nothing was spent\n");
      expect((await stage.glovebox(["logs"]).done).stdout).toContain("scripted: nothing was spent\n");
      expect(existsSync(join(stage.directory, directory, "index.html"))).toBe(true);
    }
    expect(await stage.containers()).toEqual([]);
  });

  it("with a key asks the real model", async () => {
    await using stage = await setStage({ turns: page });
    const { code, stderr } = await stage.glovebox(["demo"]).done;
    expect(code).toBe(0);
    expect(stderr).not.toContain("scripted model");
    expect(stage.model.requests.some((request) => request.kind === "turn")).toBe(true);
  });
});

describe("the runs of this directory", () => {
  it("are listed, shown again, and forgotten", async () => {
    await using stage = await setStage({ turns: page });
    await stage.glovebox(["run", "Build a page"]).done;
    const { runId } = stage.result();
    const listed = await stage.glovebox(["ps"]).done;
    expect(listed.stdout).toMatch(new RegExp(`^${runId.slice(-6)} +succeeded .*Build a page$`, "m"));
    const asJson = await stage.glovebox(["ps", "--json"]).done;
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      runId,
      outcome: "succeeded",
      isAlive: false,
      isLeftBehind: false,
    });
    for (const reference of [[], ["1"], [runId], [runId.slice(-6)]]) {
      const again = await stage.glovebox(["logs", ...reference]).done;
      expect(again.stdout).toContain("The page is there.\n");
      expect(again.stdout).toContain("+ index.html");
    }
    expect((await stage.glovebox(["rm", "1"]).done).code).toBe(0);
    expect((await stage.glovebox(["ps", "--json"]).done).stdout).toBe("");
    expect(existsSync(join(stage.directory, `sandbox-${runId}`, "index.html"))).toBe(true);
  });

  it("that were kept show their sandbox, which rm removes", async () => {
    await using stage = await setStage({ turns: page });
    const { code, stderr } = await stage.glovebox(["run", "Try", "--keep"]).done;
    expect(code).toBe(0);
    expect(stderr).toContain(`glovebox rm ${stage.result().runId.slice(-6)}`);
    expect(await stage.containers()).toHaveLength(1);
    expect((await stage.glovebox(["ps"]).done).stdout).toContain("sandbox kept");
    expect((await stage.glovebox(["rm", "1"]).done).code).toBe(0);
    expect(await stage.containers()).toEqual([]);
  });

  it("say that there is nothing to stop or to reap", async () => {
    await using stage = await setStage({ turns: page });
    await stage.glovebox(["run", "Try"]).done;
    expect(await stage.glovebox(["stop"]).done).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("is not running"),
    });
    expect(await stage.glovebox(["reap"]).done).toMatchObject({ code: 0, stderr: "Nothing was left behind.\n" });
  });
});

describe("a run whose process was killed", () => {
  it("says so when it is shown again, and reap of it ends with 5 while its files cannot be had", async () => {
    await using stage = await setStage({ turns: [write("made", "made"), bash("sleep 300")] });
    const onEvent: CommandOptions["onEvent"] = (event, { process }) => {
      if (event.type === "tool.start" && event.name === "Bash") process.kill("SIGKILL");
    };
    await stage.glovebox(["run", "Try", "--output", "out", "--json"], { onEvent }).done;
    const { code, stderr } = await stage.glovebox(["logs"]).done;
    expect(code).toBe(0);
    expect(stderr).toMatch(/ended before the run did; `glovebox reap \S+` brings its files back\n$/);
    const places = [join(stage.directory, "out"), join(stage.home, "recovered")];
    for (const place of places) writeFileSync(place, "in the way");
    const blocked = await stage.glovebox(["reap", "1"]).done;
    expect(blocked).toMatchObject({ code: 5, stderr: expect.stringContaining("left alone: ") });
    // What a failed attempt has woken is left to stop again.
    const asleep = () =>
      until("the sandbox stops", async () => (await stage.containers()).every(({ State }) => State === "exited"));
    await asleep();
    const json = await stage.glovebox(["reap", "1", "--json"]).done;
    expect(json).toMatchObject({ code: 5, stderr: expect.stringContaining("left alone: ") });
    await asleep();
    expect((await stage.glovebox(["reap"]).done).code).toBe(5);
    await asleep();
    for (const place of places) rmSync(place);
    const freed = await stage.glovebox(["reap", "1"]).done;
    expect(freed.code, freed.stderr).toBe(0);
    expect(existsSync(join(stage.directory, "out", "made"))).toBe(true);
    expect(await stage.containers()).toEqual([]);
  });
});

describe("apply", () => {
  const turns = [
    bash(
      `echo changed > a.txt; rm gone.txt; echo '{"scripts":{"postinstall":"x"}}' > package.json; mkdir sub; echo new > sub/new.txt`,
    ),
    say("done"),
  ];
  const project = (directory: string) => {
    mkdirSync(join(directory, "project"));
    for (const name of ["a.txt", "gone.txt", "same.txt"]) writeFileSync(join(directory, "project", name), "before\n");
  };

  it("shows first, names what can execute, and writes only with consent", async () => {
    await using stage = await setStage({ turns });
    project(stage.directory);
    const ran = await stage.glovebox(["run", "Try", "--workspace", "project"]).done;
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain("glovebox apply");
    const shown = await stage.glovebox(["apply", "--dry-run"]).done;
    expect(shown.code).toBe(0);
    for (const line of ["! package.json", "~ a.txt", "+ sub/new.txt", "- gone.txt"])
      expect(shown.stdout).toContain(line);
    const unasked = await stage.glovebox(["apply"]).done;
    expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes") });
    expect(stage.file("project/a.txt")).toBe("before\n");
    const applied = await stage.glovebox(["apply", "--yes"]).done;
    expect(applied).toMatchObject({ code: 0, stdout: expect.stringMatching(/^3 files written, 1 file deleted in /) });
    expect(stage.file("project/a.txt")).toBe("changed\n");
    expect(stage.file("project/sub/new.txt")).toBe("new\n");
    expect(existsSync(join(stage.directory, "project", "gone.txt"))).toBe(false);
  });

  it("has nothing to ask when everything is there already, commits included", async () => {
    await using stage = await setStage({
      turns: [bash("echo x > new.txt; git add . && git -c user.name=a -c user.email=a@b commit -qm one"), say("done")],
    });
    project(stage.directory);
    const git = (...args: string[]) =>
      execFileSync("git", args, { cwd: join(stage.directory, "project"), stdio: "pipe" });
    git("init", "-q");
    git("add", ".");
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "zero");
    await stage.glovebox(["run", "Try", "--workspace", "project"]).done;
    const planned = await stage.glovebox(["apply", "--dry-run"]).done;
    expect(planned.stdout).toContain(`The agent's commits, to refs/glovebox/${stage.result().runId}/`);
    expect((await stage.glovebox(["apply", "--yes"]).done).stdout).toContain("The agent's commits are at");
    const again = await stage.glovebox(["apply"]).done;
    expect(again).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("Nothing to do.") });
  });

  it("leaves alone what has changed since, and says so with 5", async () => {
    await using stage = await setStage({ turns });
    project(stage.directory);
    await stage.glovebox(["run", "Try", "--workspace", "project"]).done;
    writeFileSync(join(stage.directory, "project", "a.txt"), "mine\n");
    const { code, stderr } = await stage.glovebox(["apply", "--yes"]).done;
    expect(code).toBe(5);
    expect(stderr).toContain("a.txt");
    expect(stage.file("project/a.txt")).toBe("mine\n");
    expect((await stage.glovebox(["apply", "--yes", "--force"]).done).code).toBe(0);
    expect(stage.file("project/a.txt")).toBe("changed\n");
  });
});
