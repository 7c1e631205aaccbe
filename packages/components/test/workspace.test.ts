import { readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { directoryWorkspace, installPlan } from "../src/index.ts";
import { TestDirectory } from "./catalog-directory.ts";
import { fileJson, OpenSample } from "./open-sample.ts";

let sample: OpenSample;
beforeAll(async () => {
  sample = await OpenSample.create();
});
afterAll(() => sample[Symbol.asyncDispose]());

describe("a workspace with a .claude of its own", () => {
  it("loses nothing of it", async () => {
    await using workspace = await TestDirectory.create({
      ".claude/settings.local.json": JSON.stringify({
        permissions: { allow: ["Bash(make:*)"], deny: ["WebFetch"] },
        env: { OWN: "1" },
        hooks: { PostToolUse: [{ matcher: "Edit|Write", hooks: [{ type: "command", command: "npm run lint" }] }] },
        own: { anything: [1, 2] },
      }),
      ".mcp.json": JSON.stringify({ mcpServers: { own: { command: "own" } }, other: true }),
      ".claude/agents/mine.md": "mine\n",
    });
    const existing = directoryWorkspace(workspace.path);
    const plan = await sample.plan(
      { agent: ["frontend-developer"], mcp: ["remote"], setting: ["read-only"], hook: ["automation/lint", "format"] },
      { existing },
    );
    expect(plan.conflicts).toEqual([]);
    await installPlan(plan, workspace.path);
    expect(JSON.parse(await readFile(join(workspace.path, ".claude/settings.local.json"), "utf8"))).toMatchObject({
      permissions: { allow: ["Bash(make:*)", "Read", "Grep"], deny: ["WebFetch", "Bash"] },
      env: { OWN: "1" },
      own: { anything: [1, 2] },
      enabledMcpjsonServers: ["remote"],
      hooks: { PostToolUse: [{ hooks: [{ command: "npm run lint" }] }, { hooks: [{ command: /format\.sh/ }] }] },
    });
    expect(fileJson(plan, ".mcp.json")).toMatchObject({
      mcpServers: { own: { command: "own" }, remote: { type: "http" } },
      other: true,
    });
    expect(await readFile(join(workspace.path, ".claude/agents/mine.md"), "utf8")).toBe("mine\n");
    expect((await stat(join(workspace.path, ".claude/hooks/format.sh"))).mode & 0o777).toBe(0o755);
  });

  it("is installed into twice with the same result and no conflict", async () => {
    await using workspace = await TestDirectory.create();
    const existing = directoryWorkspace(workspace.path);
    const names = {
      agent: ["quotes"],
      mcp: ["postgres"],
      setting: ["use-haiku"],
      hook: ["automation/format"],
      skill: ["pdf"],
    };
    const first = await sample.plan(names, { existing });
    await installPlan(first, workspace.path);
    const second = await sample.plan(names, { existing });
    expect(second.conflicts).toEqual([]);
    expect(second.files).toEqual(first.files);
  });

  it("is asked before a file, a server or a value of it is replaced", async () => {
    await using workspace = await TestDirectory.create({
      ".claude/agents/frontend-developer.md": "my own\n",
      ".claude/settings.local.json": JSON.stringify({ model: "sonnet", disabledMcpjsonServers: ["remote", "x"] }),
      ".mcp.json": JSON.stringify({ mcpServers: { remote: { command: "own" } } }),
    });
    const existing = directoryWorkspace(workspace.path);
    const names = { agent: ["frontend-developer"], mcp: ["remote"], setting: ["use-haiku"] };
    const plan = await sample.plan(names, { existing });
    expect(plan.conflicts).toEqual([
      ".claude/agents/frontend-developer.md has other content in the workspace than in agent development-team/frontend-developer",
      'MCP server "remote" is described differently by the workspace and mcp devtools/remote',
      "disabledMcpjsonServers turns off what mcp devtools/remote brings: remote",
      "model is set differently by the workspace and setting model/use-haiku",
    ]);
    await expect(installPlan(plan, workspace.path)).rejects.toMatchObject({ code: "invalid-options" });
    expect(await readFile(join(workspace.path, ".claude/agents/frontend-developer.md"), "utf8")).toBe("my own\n");
    const accepted = await sample.plan(names, { existing, acceptLater: true });
    await installPlan(accepted, workspace.path);
    expect(fileJson(accepted, ".claude/settings.local.json")).toMatchObject({
      model: "haiku",
      disabledMcpjsonServers: ["x"],
    });
  });

  it.each([[".mcp.json"], [".claude/settings.local.json"]])("whose %s cannot be read is left alone", async (path) => {
    await using workspace = await TestDirectory.create({ [path]: "{ // a comment\n}" });
    const existing = directoryWorkspace(workspace.path);
    await expect(sample.plan({ mcp: ["remote"] }, { existing })).rejects.toMatchObject({
      code: "invalid-options",
      message: expect.stringContaining(`The workspace's own ${path} is not JSON`),
    });
  });

  it("is not left through links", async () => {
    await using outside = await TestDirectory.create();
    await using workspace = await TestDirectory.create();
    await symlink(outside.path, join(workspace.path, ".claude"));
    const plan = await sample.plan({ agent: ["frontend-developer"] });
    await expect(installPlan(plan, workspace.path)).rejects.toThrow("is a symbolic link");
    await expect(
      sample.plan({ setting: ["use-haiku"] }, { existing: directoryWorkspace(workspace.path) }),
    ).rejects.toThrow("is a symbolic link");
  });
});
