import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { catalogFiles } from "./support/catalog.ts";
import { setStage } from "./support/stage.ts";
import { bash, say } from "./support/turns.ts";

const root = "$" + "{CLAUDE_PLUGIN_ROOT}";

const plugin: Readonly<Record<string, string>> = {
  ".claude-plugin/plugin.json": JSON.stringify({ name: "kit", version: "1.0.0" }),
  "agents/worker.md": "---\nname: worker\ndescription: Works for the kit\ntools: ['codebase']\n---\nYou work.\n",
  "commands/go.md": "---\ndescription: Goes somewhere\n---\nGo.\n",
  "skills/cut/SKILL.md": "---\nname: cut\ndescription: Cuts things\n---\nCut.\n",
  "hooks/hooks.json": JSON.stringify({
    hooks: { PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command: `bash ${root}/scripts/note.sh` }] }] },
  }),
  "scripts/note.sh": '#!/bin/bash\necho "$CLAUDE_PLUGIN_ROOT" > "$CLAUDE_PROJECT_DIR"/root.txt\n',
  ".mcp.json": JSON.stringify({ mcpServers: { greeter: { command: "node", args: [`${root}/server.mjs`] } } }),
};

describe("a run with a whole plugin", () => {
  it("loads it with its names, its root, its hooks and its servers", async () => {
    await using stage = await setStage({
      turns: [
        { tools: [{ name: "mcp__plugin_kit_greeter__greet", input: {} }] },
        { tools: [{ name: "Agent", input: { description: "x", prompt: "work", subagent_type: "kit:worker" } }] },
        bash("true"),
        say("Done."),
      ],
    });
    const server = JSON.parse(catalogFiles["mcps/tools/greeter.json"] ?? "{}").mcpServers.greeter.args.at(-1);
    for (const [path, text] of Object.entries({ ...plugin, "server.mjs": server as string })) {
      mkdirSync(dirname(join(stage.directory, "kit", path)), { recursive: true });
      writeFileSync(join(stage.directory, "kit", path), text);
    }
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json", "--plugin", "./kit"]).done;
    expect(done.code, done.stderr).toBe(0);
    expect(done.events.find(({ type }) => type === "harness.session")).toMatchObject({
      agents: expect.arrayContaining(["kit:worker"]),
      commands: expect.arrayContaining(["kit:go"]),
      skills: expect.arrayContaining(["kit:cut"]),
      mcpServers: [{ name: "plugin:kit:greeter", status: "connected" }],
    });
    const ends = done.events.filter((event) => event.type === "tool.end");
    expect(ends.map(({ status }) => status)).toEqual(["ok", "ok", "ok"]);
    expect(stage.file("out/root.txt")).toBe("/workspace/.claude/plugins/kit\n");
    expect(stage.result().files?.manifest.map(({ path }) => path)).toEqual(["root.txt"]);
  });
});
