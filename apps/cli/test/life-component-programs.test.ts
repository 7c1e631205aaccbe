// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is a shell that expands it.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Stage, setStage } from "./support/stage.ts";
import { bash, say } from "./support/turns.ts";

function write(stage: Stage, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(stage.directory, path)), { recursive: true });
    writeFileSync(join(stage.directory, path), text);
  }
}

const hook = (command: string): string =>
  JSON.stringify({ hooks: { PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command }] }] } });

describe("hooks and servers in a run", () => {
  it("are run by bash, with jq, also after the agent has gone to another directory", async () => {
    await using stage = await setStage({
      turns: [bash("mkdir -p sub && cd sub"), bash("touch made-in-sub"), bash("echo FORBIDDEN"), say("Done.")],
    });
    write(stage, {
      "look.json": hook("bash .claude/hooks/look.sh"),
      "look.sh": '#!/bin/bash\njq -r .tool_input.command >> "$CLAUDE_PROJECT_DIR"/commands.txt\n',
      "list.json": hook('LIST=(a b); [[ ${#LIST[@]} == 2 ]] && echo two >> "$CLAUDE_PROJECT_DIR"/two.txt'),
      "guard.json": hook('if jq -e ".tool_input.command | test(\\"FORBIDDEN\\")" > /dev/null; then exit 2; fi'),
    });
    const hooks = ["--hook", "./look.json,./list.json,./guard.json"];
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json", ...hooks]).done;
    expect(done.code, done.stderr).toBe(0);
    expect(stage.file("out/commands.txt")).toContain("touch made-in-sub");
    expect(stage.file("out/two.txt")).toBe("two\n".repeat(3));
    expect(stage.file("out/sub/made-in-sub")).toBe("");
    const ends = done.events.filter((event) => event.type === "tool.end");
    expect(ends.map(({ status }) => status)).toEqual(["ok", "ok", "error"]);
  });

  it("fail before the prompt with every program that is missing, and warn of one that they can do without", async () => {
    await using stage = await setStage({ turns: [say("Never.")] });
    write(stage, {
      "guard.json": hook("no-such-judge --strict"),
      "server.json": JSON.stringify({ mcpServers: { far: { command: "no-such-server" } } }),
      "soft.json": hook("command -v no-such-formatter && no-such-formatter . || true"),
    });
    const args = ["run", "Try", "--yes", "--json", "--hook", "./guard.json,./soft.json", "--mcp", "./server.json"];
    const done = await stage.glovebox(args).done;
    expect(done.code).not.toBe(0);
    const said = JSON.stringify(done.events);
    expect(said).toMatch(/no-such-judge for hook guard/);
    expect(said).toMatch(/no-such-server for MCP server \\+"far/);
    expect(said).not.toContain("no-such-formatter for");
    expect(stage.model.requests.filter(({ kind }) => kind === "turn")).toEqual([]);
    const soft = await stage.glovebox(["run", "Try", "--yes", "--json", "--hook", "./soft.json"]).done;
    expect(soft.code, soft.stderr).toBe(0);
    expect(JSON.stringify(soft.events)).toContain("no-such-formatter for hook soft");
    expect(await stage.containers()).toEqual([]);
  });
});
