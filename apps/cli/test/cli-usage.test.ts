import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { typedCommand } from "./support/command-line.ts";
import { setStage } from "./support/stage.ts";

const noScript = { turns: [] };

describe("a wrong command line ends with 2, one line and a hint, and starts nothing", () => {
  const cases: readonly (readonly [args: readonly string[], message: string, hint: string])[] = [
    [["rnu"], "unknown command 'rnu'", "Did you mean run?"],
    [["Build a page"], "unknown command", "glovebox run"],
    [["run", "--timout", "5m", "x"], "unknown option '--timout'", "Did you mean --timeout?"],
    [["batch", "rows.yaml", "--notify", "https://hooks.example/secret"], "unknown option '--notify'", ""],
    [["run", "--timeout", "5", "x"], "is invalid.", "with its unit"],
    [["run", "--memory", "lots", "x"], "is invalid.", "a size"],
    [["run", "--cpus", "-1", "x"], "is invalid.", "above 0"],
    [["run", "--max-turns", "1.5", "x"], "is invalid.", "whole number"],
    [["run", "--lease", "1s", "x"], "at least 10s", ""],
    [["run", "a", "--prompt", "b"], "given twice", "once"],
    [["run", "a", "--prompt-file", "-"], "given twice", "once"],
    [["run", "--prompt-file", "none.md"], "does not exist", ""],
    [["run", "x", "--add-dir", "none"], "no added directory at", ""],
    [["run", "x", "--add-dir", ".", "--add-dir", "."], "one name in the sandbox", "Rename one of them"],
    [["run", "x", "--json-schema", "none.json"], "does not exist", ""],
    [["run", "x", "--json-schema", '{"type":"object"}'], "takes the name of a file", "into a file"],
    [["run"], "The prompt is empty", "glovebox run"],
    [["run", "   "], "The prompt is empty", "glovebox run"],
    [["run", "fix", "the", "test"], "one argument: it came as 3", 'Quote it: glovebox run "fix the test"'],
    [["fix", "the", "test"], 'Unknown command "fix"', 'glovebox run "fix the test"'],
    [["run", "x", "--network", "seald"], "'seald' is invalid", "Did you mean sealed?"],
    [["run", "x", "--provider", "dokcer"], "dokcer is not installed", "Did you mean docker?"],
    [["run", "x", "--harness", "claude-cod"], "claude-cod is not installed", "Did you mean claude-code?"],
    [["run", "x", "--provider", "docker", "--sandbox", "e2b"], "contradict", "once"],
    [["run", "x", "--provider", "nowhere"], "nowhere is not installed", "Known: cloudflare, docker, e2b"],
    [["run", "x", "--agent", ","], "--agent names nothing", ""],
    [["run", "x", "--choose"], "nobody can be asked here", "--agent NAME"],
    [["run", "x", "--mcp", "a/../../github"], "--mcp", "category/name"],
    [["run", "x", "--skill", "nowhere:style"], "not configured", "templates"],
    [["components"], "subcommand is missing", "--help"],
    [["run", "-do this"], "not a directory", "a prompt that starts with a dash: --prompt="],
    [["run", "--do this"], "unknown option", "a prompt that starts with a dash"],
    [["run", "x", "--max-file-size", "lots"], "is invalid.", "a size"],
    [["image", "rm", "--old", "--all"], "not several of them", "--old"],
    [["run", "x", "--provider", "../nothing"], "nothing does not exist", "the directory of a package"],
    [["certify", "./nothing"], "The provider or harness", "the directory of a package"],
    [["certify", "dokcer"], "The provider or harness dokcer is not installed", "Did you mean docker?"],
    [["certify", "@acme/nowhere"], "@acme/nowhere is not installed", "glovebox harnesses add @acme/nowhere"],
    [["certify", "Two Words"], "not the name of a provider or harness", "a path such as ./my-plugin"],
    [["run", "x", "--provider", "Two Words"], "not the name of a provider", "a path such as ./my-plugin"],
    [
      ["run", "x", "--provider", "@acme/nowhere"],
      "@acme/nowhere is not installed",
      "glovebox providers add @acme/nowhere",
    ],
    [["run", "x", "--harness", "nowhere"], "nowhere is not installed", "claude-code, cline, codex"],
    [["run", "x", "--harness", "./nothing"], "nothing does not exist", ""],
    [["run", "x", "--env", "1X=y"], "NAME=VALUE", "NODE_ENV"],
    [["run", "x", "--env", "NOT_SET_ANYWHERE"], "not set", "export"],
    [["run", "x", "--env", "ANTHROPIC_BASE_URL=http://x"], "set by Glovebox", "your own environment"],
    [["run", "x", "--label", "UPPER=x"], "--label UPPER", ""],
    [["run", "x", "--label", "glovebox.owner=x"], "reserved", ""],
    [["run", "x", "--label", "novalue"], "KEY=VALUE", ""],
    [["run", "x", "--mount", "./here"], "HOST:SANDBOX", "for example"],
    [["run", "x", "--mount", ".:relative"], "must be absolute", ""],
    [["run", "x", "--mount", "./none:/data"], "does not exist", ""],
    [["run", "x", "--workspace", "none"], "not a directory", ""],
    [["run", "x", "--directory", "none"], "not a directory", ""],
    [["run", "x", "--image", "a", "--dockerfile", "b"], "exclude each other", ""],
    [["run", "x", "--dockerfile", "none"], "not a file", ""],
    [["run", "x", "--build-arg", "A=b"], "requires --dockerfile", ""],
    [["image"], "subcommand is missing", "--help"],
    [["logs", "nope"], "no run nope", "glovebox ps"],
    [["stop"], "No run was started in this directory", "glovebox ps"],
    [["apply"], "No run was started in this directory", "glovebox ps"],
    [["rm"], "missing required argument", ""],
    [["image", "rm"], "No image was named", "--all"],
  ];

  it.each(cases)("%j", async (args, message, hint) => {
    await using stage = await setStage(noScript);
    const { code, stdout, stderr } = await stage.glovebox(args).done;
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.toLowerCase()).toContain(message.toLowerCase());
    expect(stderr.toLowerCase()).toContain(hint.toLowerCase());
    expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stage.model.requests).toEqual([]);
  });

  it("says which variable held a bad value", async () => {
    await using stage = await setStage(noScript);
    const { code, stderr } = await stage.glovebox(["run", "x"], { env: { GLOVEBOX_TIMEOUT: "soon" } }).done;
    expect(code).toBe(2);
    expect(stderr).toContain("GLOVEBOX_TIMEOUT");
  });

  it("never repeats the value of a variable", async () => {
    await using stage = await setStage(noScript);
    const { stderr } = await stage.glovebox(["run", "x", "--env", "a b=sk-very-secret"]).done;
    expect(stderr).not.toContain("very-secret");
  });
});

it.each([
  [["rnu"]],
  [["run", "--timeout", "5", "x"]],
  [["run", "x", "y"]],
  [["rm"]],
  [["run", "x", "--workspace", "none"]],
])("an error of %j begins with a capital, unless with a name", async (args) => {
  await using stage = await setStage(noScript);
  const { stderr } = await stage.glovebox(args).done;
  expect(stderr).toMatch(/^error: (?:[A-Z]|--)/);
});

describe("--dry-run", () => {
  const plan = async (
    args: readonly string[],
    options: Parameters<Awaited<ReturnType<typeof setStage>>["glovebox"]>[1] = {},
  ) => {
    await using stage = await setStage(noScript);
    const done = await stage.glovebox(["run", "--dry-run", "--json", ...args], options).done;
    expect(done.stderr).toBe("");
    expect(done.code).toBe(0);
    expect(stage.model.requests).toEqual([]);
    expect(done.stdout).not.toContain(stage.key);
    return { stage, plan: JSON.parse(done.stdout) as Record<string, unknown> };
  };

  it("shows the options as they were understood", async () => {
    const { plan: shown, stage } = await plan([
      ...[
        "Build it",
        "--timeout",
        "1h30m",
        "--memory",
        "2g",
        "--cpus",
        "1.5",
        "--tmp-size",
        "256m",
        "--shm-size",
        "128m",
        "--open-files",
        "99",
      ],
      ...["--max-turns", "3", "--model", "opus", "--label", "a.b=c d", "--allowed-tools", "Read,Bash(ls:*, cat:*)"],
      ...["--max-file-size", "1g", "--max-total-size", "2g"],
      ...["--mount", ".:/data:ro", "--env", "MODE=test", "--ignore", "*.log", "--", "--disallowedTools", "WebSearch"],
    ]);
    expect(shown).toMatchObject({
      provider: "docker",
      harness: "claude-code",
      timeoutMs: 5_400_000,
      resources: { memoryMiB: 2048, cpus: 1.5, tmpMiB: 256, shmMiB: 128, openFiles: 99 },
      limits: { fileBytes: 2 ** 30, totalBytes: 2 ** 31 },
      labels: { "a.b": "c d" },
      mounts: [{ source: stage.directory, target: "/data", readOnly: true }],
      env: { MODE: "test" },
      task: {
        prompt: "Build it",
        maxTurns: 3,
        model: "opus",
        allowedTools: ["Read", "Bash(ls:*, cat:*)"],
        extraArgs: ["--disallowedTools", "WebSearch"],
      },
      credential: { variable: "ANTHROPIC_API_KEY", source: "your environment" },
    });
    expect(shown.ignore).toEqual(expect.arrayContaining(["node_modules", "*.log"]));
    expect(shown.outputDirectory).toBe(join(stage.directory, `sandbox-${shown.runId}`));
  });

  it("takes the prompt from standard input, and one that starts with a dash", async () => {
    expect((await plan([], { stdin: "from a pipe\n" })).plan.task).toMatchObject({ prompt: "from a pipe\n" });
    expect((await plan(["--prompt-file", "-"], { stdin: "again" })).plan.task).toMatchObject({ prompt: "again" });
    expect((await plan(["--prompt=-x"])).plan.task).toMatchObject({ prompt: "-x" });
    expect((await plan(["--prompt", "--version"])).plan.task).toMatchObject({ prompt: "--version" });
  });

  it("masks secrets, by their names and by their forms, and says that they go inside", async () => {
    await using stage = await setStage(noScript);
    const args = ["run", "x", "--env", "NPM_TOKEN", "--env", "X=ghp_1234567890abcdef", "--env", "MODE=t"];
    const env = { NPM_TOKEN: "npm-secret-value" };
    const { stdout, stderr } = await stage.glovebox([...args, "--dry-run", "--json"], { env }).done;
    expect(JSON.parse(stdout)).toMatchObject({
      env: { NPM_TOKEN: "[secret NPM_TOKEN]", X: "[secret X]", MODE: "t" },
    });
    expect(stderr).toContain("--credential HOST=NPM_TOKEN");
    expect(stdout + stderr).not.toMatch(/npm-secret|ghp_/);
  });

  it("prints the same for people, and works without a command word", async () => {
    await using stage = await setStage(noScript);
    const { code, stdout } = await stage.glovebox(["--sandbox", "docker", "--prompt", "Try\u001b[2J", "--dry-run"])
      .done;
    expect(code).toBe(0);
    expect(stdout).toContain("[secret ANTHROPIC_API_KEY] from your environment");
    expect(stdout).toContain("Try");
    expect(stdout).not.toContain("\u001b");
    expect(stdout).not.toContain(stage.key);
  });
});

describe("the credential", () => {
  const without = { ANTHROPIC_API_KEY: undefined };

  it("is asked for with 3, naming the variables and the demo", async () => {
    await using stage = await setStage(noScript);
    const { code, stdout, stderr } = await stage.glovebox(["run", "x"], { env: without }).done;
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    for (const word of ["ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN", "claude setup-token", "glovebox demo"]) {
      expect(stderr).toContain(word);
    }
  });

  it("of another cloud is reported as such", async () => {
    await using stage = await setStage(noScript);
    const env = { ...without, CLAUDE_CODE_USE_FOUNDRY: "1" };
    const { code, stderr } = await stage.glovebox(["run", "x"], { env }).done;
    expect(code).toBe(3);
    expect(stderr).toContain("Microsoft Foundry");
  });

  it("on the command line is taken with a warning, wherever it stands there, and never goes inside", async () => {
    for (const flag of [
      ["--anthropic-api-key", "sk-ant-x1"],
      ["--env", "ANTHROPIC_API_KEY=sk-ant-x1"],
    ]) {
      await using stage = await setStage(noScript);
      const { code, stdout, stderr } = await stage.glovebox(["run", "x", "--dry-run", "--json", ...flag]).done;
      expect(code).toBe(0);
      expect(stderr).toContain("visible");
      expect(stdout + stderr).not.toContain("sk-ant-x1");
      expect(JSON.parse(stdout)).toMatchObject({ env: {}, credential: { variable: "ANTHROPIC_API_KEY" } });
    }
  });

  it("comes from the project's .env when there is no other, and nothing else of that file counts", async () => {
    await using stage = await setStage(noScript);
    const hostile = [
      "CLAUDE_CODE_OAUTH_TOKEN=sk-ant-oat01-project",
      "ANTHROPIC_BASE_URL=http://evil.test",
      "GLOVEBOX_IMAGE=evil",
      "GLOVEBOX_HOME=/tmp/evil",
      "DOCKER_HOST=tcp://evil.test",
    ];
    writeFileSync(join(stage.directory, ".env"), hostile.join("\n"));
    const own = await stage.glovebox(["run", "x", "--dry-run", "--json"]).done;
    expect(JSON.parse(own.stdout)).toMatchObject({ credential: { source: "your environment" } });
    const env = { ...without, ANTHROPIC_BASE_URL: undefined };
    const { stdout } = await stage.glovebox(["run", "x", "--dry-run", "--json"], { env }).done;
    const plan = JSON.parse(stdout) as Record<string, unknown>;
    expect(plan).toMatchObject({
      base: { kind: "default" },
      home: stage.home,
      env: {},
      credential: { variable: "CLAUDE_CODE_OAUTH_TOKEN", source: "the project's .env" },
    });
    expect(stdout).not.toMatch(/evil|oat01/);
  });
});

it.each([
  [["--image", "BAD NAME"], "Invalid image name", "python:3.13-slim"],
  [["--mount", "/etc:/data"], "is refused", "Mount a directory of its own"],
  [["--mount", `${homedir()}:/data`], "is refused", "Mount a directory"],
])("what the provider refuses comes with what to do: %j", async (args, message, hint) => {
  await using stage = await setStage(noScript);
  const { code, stderr } = await stage.glovebox(["run", "x", ...args], { env: { HOME: homedir() } }).done;
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).toMatch(new RegExp(`^hint: .*${hint}`, "m"));
});

it("a Dockerfile whose FROM cannot be had says which and what to do", async () => {
  await using stage = await setStage(noScript);
  writeFileSync(join(stage.directory, "Dockerfile"), "FROM localhost:1/nowhere/at-all:1\n");
  const { code, stderr } = await stage.glovebox(["run", "x", "--dockerfile", "Dockerfile"]).done;
  expect(code).toBe(4);
  expect(stderr).toMatch(/^hint: localhost:1\/nowhere\/at-all:1, which it starts from, .*docker load/m);
});

it("a key with a space in it is refused before anything starts, without its value", async () => {
  await using stage = await setStage(noScript);
  for (const key of ["sk-ant-one two", "sk-ant-one\ntwo", "sk-ant-öne"]) {
    const { code, stdout, stderr } = await stage.glovebox(["run", "x"], { env: { ANTHROPIC_API_KEY: key } }).done;
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("ANTHROPIC_API_KEY");
    expect(stderr).not.toContain("sk-ant");
  }
  expect(existsSync(join(stage.home, "runs"))).toBe(false);
});

describe("the current directory", () => {
  it("cannot widen its sandbox", async () => {
    await using stage = await setStage(noScript);
    writeFileSync(join(stage.directory, "glovebox.config.json"), JSON.stringify({ mounts: ["/:/host"] }));
    const { code, stderr } = await stage.glovebox(["run", "x", "--dry-run"]).done;
    expect(code).toBe(2);
    expect(stderr).toContain('may not set "mounts"');
    expect(stderr).toContain("hint:");
  });

  it("narrows, and the person's own file and options come first", async () => {
    await using stage = await setStage(noScript);
    mkdirSync(stage.home);
    writeFileSync(join(stage.home, "config.json"), JSON.stringify({ memory: "2g", cpus: 2, unknown: 1 }));
    writeFileSync(
      join(stage.directory, "glovebox.config.json"),
      JSON.stringify({ memory: "1g", cpus: 16, timeout: "1m" }),
    );
    const { stdout, stderr } = await stage.glovebox(["run", "x", "--dry-run", "--json", "--timeout", "2m"]).done;
    expect(JSON.parse(stdout)).toMatchObject({ resources: { memoryMiB: 1024, cpus: 2 }, timeoutMs: 120_000 });
    expect(stderr).toContain('unknown key "unknown"');
    expect(stderr).toContain("sets cpus to 16");
  });

  it("is the one that --directory names", async () => {
    await using stage = await setStage(noScript);
    mkdirSync(join(stage.directory, "sub"));
    const { stdout } = await stage.glovebox(["run", "x", "-d", "sub", "--output", "o", "--dry-run", "--json"]).done;
    expect(JSON.parse(stdout)).toMatchObject({ outputDirectory: join(stage.directory, "sub", "o") });
  });
});

it("nothing is asked for a run that cannot start: at a terminal, without a key and without a prompt", async () => {
  await using stage = await setStage(noScript);
  const command = `${typedCommand} run`;
  const env = { PATH: process.env.PATH, HOME: stage.home, GLOVEBOX_HOME: stage.home, TERM: "xterm" };
  const { status, stdout } = spawnSync("/usr/bin/script", ["-qec", command, "/dev/null"], {
    ...{ cwd: stage.directory, env, encoding: "utf8", timeout: 60_000, input: "" },
  });
  expect(status, stdout).toBe(3);
  expect(stdout).toContain("No credential for the model was found");
  expect(stdout).not.toContain("What should the agent do?");
});

describe("help", () => {
  it("of run fits on one screen, and --help-all has every option and the exit codes", async () => {
    await using stage = await setStage(noScript);
    const brief = await stage.glovebox(["run", "--help"]).done;
    const lines = brief.stdout.split("\n");
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(brief.stdout).not.toContain("--idle-timeout");
    const whole = await stage.glovebox(["run", "--help-all"]).done;
    expect(whole).toMatchObject({ code: 0, stderr: "" });
    for (const text of ["--idle-timeout", "--e2b-api-key", "Exit codes"]) expect(whole.stdout).toContain(text);
    for (const hidden of ["--sandbox", "--max-budget-usd", "-d,"]) {
      expect(whole.stdout).not.toContain(` ${hidden} `);
    }
  });

  it.each([[[]], [["--help"]], [["help", "run"]], [["run", "--help"]], [["image", "--help"]], [["-h"]]])(
    "%j",
    async (args) => {
      await using stage = await setStage(noScript);
      const { code, stdout, stderr } = await stage.glovebox(args).done;
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain("Usage: glovebox");
    },
  );

  it("has the version", async () => {
    await using stage = await setStage(noScript);
    const { code, stdout } = await stage.glovebox(["--version"]).done;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  });
});
