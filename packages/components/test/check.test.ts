import { describe, expect, it } from "vitest";
import { checkCatalog } from "../src/index.ts";
import { OpenSample } from "./open-sample.ts";

const hook = (command: string): string =>
  JSON.stringify({ hooks: { Stop: [{ hooks: [{ type: "command", command }] }] } });
const server = (value: unknown): string => JSON.stringify({ mcpServers: { one: value } });

describe("the check of a catalog", () => {
  it("says about each component whether it works, is refused, or installs and cannot work, and why", async () => {
    await using sample = await OpenSample.create({
      "agents/a/good.md": "---\nname: good\ndescription: d\n---\n",
      "agents/a/foreign.md": "---\nname: foreign\ndescription: d\ntools: ['problems']\n---\n",
      "agents/a/served.md": "---\nname: served\ndescription: d\ntools: mcp__x__y\n---\n",
      "hooks/a/unset.json": hook("echo $CLAUDE_TOOL_FILE_PATH"),
      "hooks/a/mac.json": hook("osascript -e 'display notification'"),
      "hooks/a/either.json": hook("osascript -e x || notify-send x || true"),
      "hooks/a/nowhere.json": hook("python3 .claude/hooks/nowhere.py"),
      "mcps/a/docker.json": server({ command: "docker", args: ["run", "x"] }),
      "mcps/a/near.json": server({ type: "http", url: "http://localhost:3845/mcp" }),
      "mcps/a/good.json": server({ command: "node", args: ["x.js"] }),
      ".claude-plugin/marketplace.json": JSON.stringify({
        plugins: [{ name: "far", source: { source: "github", repo: "o/far" }, description: "Far\naway" }],
      }),
    });
    const [catalog] = sample.catalogs;
    if (catalog === undefined) throw new Error("unreachable: the sample is one catalog");
    const checked = await checkCatalog(catalog);
    expect(checked.map(({ kind, name, state, reasons }) => [kind, name, state, reasons.join()])).toEqual([
      ["agent", "a/foreign", "refused", "has no tool that Claude Code has, so it cannot start: problems"],
      ["agent", "a/good", "works", ""],
      ["agent", "a/served", "unable", "has no tool but those of MCP servers: x"],
      ["hook", "a/either", "works", ""],
      ["hook", "a/mac", "unable", "starts osascript, which a sandbox does not have"],
      ["hook", "a/nowhere", "unable", "runs .claude/hooks/nowhere.py, which its source does not hold"],
      ["hook", "a/unset", "unable", "reads CLAUDE_TOOL_FILE_PATH, which Claude Code does not set"],
      ["mcp", "a/docker", "unable", "starts docker, which a sandbox does not have"],
      ["mcp", "a/good", "works", ""],
      ["mcp", "a/near", "unable", "is expected on the machine itself, which a sandbox does not reach"],
      ["plugin", "far", "elsewhere", ""],
    ]);
    const unable = catalog.entries.filter(({ obstacle }) => obstacle !== undefined).map(({ name }) => name);
    expect(unable).toEqual(["a/served", "a/mac", "a/unset", "a/docker", "a/near"]);
  });
});
