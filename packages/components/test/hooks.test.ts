// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is a shell, or Claude Code, that expands it.
import { spawnSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { installPlan } from "../src/index.ts";
import { TestDirectory } from "./catalog-directory.ts";
import { fileJson, OpenSample } from "./open-sample.ts";

type Files = Readonly<Record<string, string>>;

async function planHook(command: string, files: Files = {}) {
  const hook = { hooks: { PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command }] }] } };
  await using sample = await OpenSample.create({ "hooks/a/one.json": JSON.stringify(hook), ...files });
  return await sample.plan({ hook: ["one"] });
}

function commandOf(plan: Awaited<ReturnType<typeof planHook>>): string {
  const settings = fileJson(plan, ".claude/settings.local.json") as {
    hooks: { PreToolUse: [{ hooks: [{ command: string }] }] };
  };
  return settings.hooks.PreToolUse[0].hooks[0].command;
}

/** Runs a hook as Claude Code does, by `/bin/sh` in a directory below the project. */
async function runHook(command: string, files: Files = {}) {
  await using project = await TestDirectory.create({ "CLAUDE.md": "" });
  const plan = await planHook(command, files);
  await installPlan(plan, project.path);
  await mkdir(join(project.path, "sub"));
  const env = { ...process.env, CLAUDE_PROJECT_DIR: project.path };
  const { status, stdout } = spawnSync("/bin/sh", ["-c", commandOf(plan)], {
    cwd: join(project.path, "sub"),
    env,
    encoding: "utf8",
  });
  return { status, stdout: stdout.trim() };
}

describe("a hook written for bash", () => {
  it.each([
    ["LIST=(a b); [[ ${#LIST[@]} == 2 ]] && echo two", "two"],
    ["X=abc; echo ${X^^} it\\'s", "ABC it's"],
    ["cat <<< 'it is'", "it is"],
    ["cat <(echo inner)", "inner"],
    ["set -o pipefail; echo {1..3}", "1 2 3"],
    ["echo -e 'a\\tb'", "a\tb"],
    ['[ "a" == "a" ] && echo same', "same"],
    ["function greet { echo hi; }; greet", "hi"],
    ["X=a; X+=b; echo $X", "ab"],
    ["A[1]=b; echo ok", "ok"],
    ["printf 'a\\0' | while IFS= read -r -d '' F; do echo $F; done", "a"],
    ["printf -v X '%q' 'a b'; echo \"$X\"", "a\\ b"],
    ["trap 'echo failed' ERR; false; true", "failed"],
    ["echo one\r\necho two\r\n", "one\ntwo"],
    ['test -n "$BASH_VERSION" && echo bash', "bash"],
  ])("is run by bash whatever /bin/sh is: %s", async (command, said) => {
    expect(await runHook(command)).toEqual({ status: 0, stdout: said });
  });

  it("stays as it is when any shell runs it", async () => {
    for (const command of ['test -n "$X" && echo "$X" || exit 0', "npm run lint 2>/dev/null", 'echo "it\'s"'])
      expect(commandOf(await planHook(command))).toBe(command);
  });

  it.each([
    "if true; then",
    "bash <<'EOF'\nif true; then\nEOF",
    "/usr/bin/env bash -c 'if true'",
    "echo 'open",
    "echo $(date",
    "case x in",
    "a | | b",
  ])("that no shell can read is refused: %s", async (command) => {
    await expect(planHook(command)).rejects.toThrow(
      /hook a\/one cannot be installed: it has a hook that no shell can read/,
    );
  });

  it("is refused with a script that no shell can read", async () => {
    const planning = planHook(".claude/hooks/check.sh", { "hooks/a/check.sh": "#!/bin/bash\nif true; then\n" });
    await expect(planning).rejects.toThrow(/brings the script check\.sh, which no shell can read/);
  });
});

describe("the scripts of a hook", () => {
  const look: Files = { "hooks/a/look.sh": "#!/bin/sh\necho found\n" };

  it.each([
    "sh .claude/hooks/look.sh",
    "sh ./.claude/hooks/look.sh",
    'sh ".claude/hooks/look.sh"',
    "sh '.claude/hooks/look.sh' || sh .claude/hooks/look.sh",
    ".claude/hooks/look.sh",
    "bash -c 'sh .claude/hooks/look.sh'",
    "bash -c 'sh \".claude/hooks/look.sh\"'",
    "X=.claude/hooks/look.sh; sh $X",
    "sh '.claude/hooks/look.sh'",
    "bash -c true; sh './.claude/hooks/look.sh'",
    "sh ././.claude/hooks/look.sh",
    "sh $PWD/.claude/hooks/look.sh",
    'sh "$PWD"/.claude/hooks/look.sh',
    'sh "$(pwd)/.claude/hooks/look.sh"',
    'sh "$HOME"/.claude/hooks/look.sh',
    "cd / && . .claude/hooks/look.sh",
    "(cd / && true); sh ~/.claude/hooks/look.sh",
    'sh "$HOME/.claude/hooks/look.sh"',
    'sh "$CLAUDE_PROJECT_DIR"/.claude/hooks/look.sh',
    "[[ -f .claude/hooks/look.sh ]] && sh .claude/hooks/look.sh",
  ])("are found after the agent has gone to another directory: %s", async (command) => {
    expect(await runHook(command, look)).toEqual({ status: 0, stdout: "found" });
  });

  it.each(["#!/bin/sh\r\nif true; then\r\n  echo found\r\nfi\r\n", "#!/usr/bin/env sh\r\necho found\r\n"])(
    "run although they have Windows line ends: %j",
    async (script) => {
      const ran = await runHook(".claude/hooks/look.sh", { "hooks/a/look.sh": script });
      expect(ran).toEqual({ status: 0, stdout: "found" });
    },
  );

  it("are only pointed at where they are meant: another path keeps its name", async () => {
    const command = "sh .claude/hooks/look.sh; echo src/.claude/hooks/look.sh .claude/other";
    expect(commandOf(await planHook(command, look))).toBe(
      'sh "$CLAUDE_PROJECT_DIR"/.claude/hooks/look.sh; echo src/.claude/hooks/look.sh .claude/other',
    );
  });
});

describe("the programs of a component", () => {
  const programs = async (command: string, files: Files = {}) => {
    const { programs: found } = (await planHook(command, files)).components[0] ?? { programs: [] };
    return Object.fromEntries(found.map(({ name, optional }) => [name, optional]));
  };

  it.each([
    ["jq -r .tool_input.command | grep -q x", { jq: false, grep: false }],
    ["X=$(jq .) ; if echo $X | rg y; then exit 2; fi", { jq: false, rg: false }],
    ["command -v prettier >/dev/null && prettier --write x", { prettier: true }],
    ["black x 2>/dev/null || true", { black: true }],
    ["env A=1 timeout -k 1 5 uvx ruff", { env: false, timeout: false, uvx: false }],
    ["bash -c 'jq . && cd /'", { bash: false, jq: false }],
    ["/usr/bin/env bash -c 'jq .'", { "/usr/bin/env": false, bash: false, jq: false }],
    ["/bin/bash -c 'jq .'", { "/bin/bash": false, jq: false }],
    ["bash <<'EOF'\njq .\nEOF", { bash: false, jq: false }],
    ["[[ -n x ]] && python3 -c 'import os'", { bash: false, python3: false }],
    ["helper() { curl x; }; helper", { curl: false }],
    ["$EDITOR x; ./run.sh; /opt/tool/bin", { "/opt/tool/bin": false }],
    ["echo x | xargs -n 1 eslint", { xargs: false, eslint: false }],
  ])("are those that its commands start: %s", async (command, expected) => {
    expect(await programs(command)).toEqual(expected);
  });

  it("are those of its scripts too", async () => {
    const files = { "hooks/a/guard.sh": '#!/usr/bin/env bash\ninput=$(cat)\necho "$input" | jq -r .x\n' };
    expect(await programs("bash .claude/hooks/guard.sh", files)).toEqual({ bash: false, cat: false, jq: false });
  });
});

describe("an MCP server", () => {
  it("whose command is a whole line is taken apart", async () => {
    const server = { command: "npx mcp-remote 'https://a.example.com/x y' ${KEY}", args: ["--last"] };
    await using sample = await OpenSample.create({
      "mcps/a/one.json": JSON.stringify({ mcpServers: { one: server } }),
    });
    const plan = await sample.plan({ mcp: ["one"] });
    expect(fileJson(plan, ".mcp.json")).toEqual({
      mcpServers: { one: { command: "npx", args: ["mcp-remote", "https://a.example.com/x y", "${KEY}", "--last"] } },
    });
    expect(plan.components[0]?.programs).toEqual([{ name: "npx", neededBy: 'MCP server "one"', optional: false }]);
  });

  it("has its placeholders found behind invisible characters", async () => {
    const server = {
      command: "serve",
      args: ["--key", "<YOUR\u200b_API\u00a0KEY>"],
      env: { "TO\u2060KEN": "\ufeffYOUR_TOKEN\u200d_HERE" },
    };
    await using sample = await OpenSample.create({
      "mcps/a/one.json": JSON.stringify({ mcpServers: { one: server } }),
    });
    const plan = await sample.plan({ mcp: ["one"] });
    expect(plan.components[0]?.variables.map(({ name }) => name)).toEqual(["ONE_API_KEY", "TOKEN"]);
    expect(fileJson(plan, ".mcp.json")).toEqual({
      mcpServers: { one: { command: "serve", args: ["--key", "${ONE_API_KEY}"], env: { TOKEN: "${TOKEN}" } } },
    });
  });
});
