import { SandboxError } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { createClaudeCode, harness } from "./index.ts";

const command = (task: object) => createClaudeCode().command({ prompt: "p", workspaceDir: "/workspace", ...task });

function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (SandboxError.isInstance(error) && error.code === "invalid-options") return error.message;
    throw error;
  }
  return "accepted";
}

describe("the command", () => {
  it("holds the task's flags before the user's own, and the prompt on standard input alone", () => {
    const { argv, stdin, cwd, env } = command({
      prompt: "-p --model evil",
      model: "opus",
      maxTurns: 3,
      maxBudgetUsd: 0.5,
      allowedTools: ["Bash(git *)", "Edit"],
      appendSystemPrompt: "Be brief.",
      addedDirectories: ["/home/agent/reference/a", "/home/agent/reference/b"],
      jsonSchema: { type: "object" },
      extraArgs: ["--effort", "low"],
    });
    expect(argv.join(" ")).toBe(
      "claude -p --allowedTools Bash(git *) Edit --add-dir /home/agent/reference/a /home/agent/reference/b --model opus --max-turns 3 --max-budget-usd 0.5 " +
        '--append-system-prompt Be brief. --json-schema {"type":"object"} --output-format stream-json --verbose --include-partial-messages ' +
        "--dangerously-skip-permissions --effort low",
    );
    expect(new TextDecoder().decode(stdin)).toBe("-p --model evil");
    expect(cwd).toBe("/workspace");
    expect(env).toMatchObject({ DISABLE_AUTOUPDATER: "1", NO_PROXY: "127.0.0.1,localhost" });
  });

  const refused: readonly (readonly [object, string])[] = [
    [{ prompt: "" }, "empty"],
    [{ prompt: " \n" }, "empty"],
    [{ jsonSchema: { type: "object" }, extraArgs: ["--json-schema={}"] }, "has a schema already"],
    [{ maxTurns: 0 }, "turns"],
    [{ maxTurns: 1.5 }, "turns"],
    [{ maxBudgetUsd: Number.NaN }, "budget"],
    [{ model: "--help" }, "model"],
    [{ allowedTools: ["--print"] }, "tool"],
    [{ appendSystemPrompt: "ä".repeat(65_536) }, "131072 bytes"],
    [{ appendSystemPrompt: "a\0b" }, "NUL"],
    [{ extraArgs: ["mcp", "list"] }, "must begin with a flag"],
    ...["-p", "--print", "--output-format", "--output-format=json", "--input-format", "-cp", "--version", "--"].map(
      (flag) => [{ extraArgs: ["--effort", "low", flag] }, "cannot be passed on"] as const,
    ),
    [{ extraArgs: ["--dangerously-skip-permissions=false"] }, "cannot be passed on"],
    ...["-c", "--continue", "-r", "-rabc", "-r=abc", "--resume", "--resume=abc", "--fork-session", "--from-pr"].map(
      (flag) => [{ extraArgs: [flag] }, "holds no earlier conversation"] as const,
    ),
    ...["--cloud", "--remote=x", "--web", "--teleport", "--environment"].map(
      (flag) => [{ extraArgs: [flag] }, "the run is in this sandbox"] as const,
    ),
    ...["--bg", "--background"].map((flag) => [{ extraArgs: [flag] }, "waits for the harness"] as const),
    ...["-w", "-wname", "--worktree"].map((flag) => [{ extraArgs: [flag] }, "is a copy already"] as const),
  ];
  it.each(refused)("refuses %j", (task, reason) => {
    expect(refusal(() => command(task))).toContain(reason);
  });

  it("continues a session by its id alone", () => {
    const resumeSessionId = "0d4f7a52-7a0e-4d5c-9d0a-5b1f3a1c2e3d";
    expect(command({ resumeSessionId }).argv.join(" ")).toContain(`--resume ${resumeSessionId} `);
    expect(refusal(() => command({ resumeSessionId: "--bg" }))).toContain("id of the session");
    expect(refusal(() => command({ resumeSessionId, extraArgs: ["--session-id=x"] }))).toContain("an earlier session");
  });

  it("names `glovebox resume` for an earlier conversation", () => {
    const call = () => command({ extraArgs: ["--resume", "abc"] });
    expect(call).toThrow(expect.objectContaining({ hint: expect.stringContaining("`glovebox resume`") }));
  });

  it.each([["-d"], ["-dapi,hooks"], ["-npcr"], ["--name=c"], ["--session-id", "x"]])("passes %s on", (...extraArgs) => {
    expect(refusal(() => command({ extraArgs }))).toBe("accepted");
  });

  it("takes an argument of the largest size", () => {
    expect(refusal(() => command({ appendSystemPrompt: "a".repeat(131_071) }))).toBe("accepted");
  });
});

describe("the settings", () => {
  it("choose the version and the program", () => {
    const layer = createClaudeCode({ version: "2.0.1", pathToBinary: "/opt/claude" }).template();
    expect(layer).toMatchObject({
      npmVersion: "2.0.1",
      check: { argv: ["/opt/claude", "--version"], prints: "2.0.1" },
    });
  });

  it.each([{ nope: 1 }, { version: "latest" }, { pathToBinary: "" }])("refuse %j", (settings) => {
    expect(refusal(() => harness.create(settings))).toContain("settings");
  });
});
