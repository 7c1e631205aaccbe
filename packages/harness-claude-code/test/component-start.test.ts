import { existsSync } from "node:fs";
import { join } from "node:path";
import type { HarnessEvent } from "@glovebox/core/harness";
import { createScriptedModel, type ScriptTurn } from "@glovebox/scripted-model";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { removeDirectories, runClaude } from "./support/claude-process.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(removeDirectories);

async function model(turns: readonly ScriptTurn[]) {
  const server = createScriptedModel({ script: { turns } });
  const { url, close } = await server.listen();
  cleanups.push(close);
  return { url, requests: server.requests };
}

/** An MCP server over standard input and output, as small as one can be. `%` is where it begins. */
const server = `
import { createInterface } from "node:readline";
%
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  const answers = {
    initialize: { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "t", version: "1" } },
    "tools/list": { tools: [{ name: "greet", description: "greets", inputSchema: { type: "object" } }] },
    "tools/call": { content: [{ type: "text", text: "a greeting of the server" }] },
  };
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: "2.0", id, result: answers[method] ?? {} }));
}`;

const start = (script: string) => ({ command: process.execPath, args: ["--input-type=module", "-e", script] });

function workspace(servers: Readonly<Record<string, unknown>>): Record<string, string> {
  return {
    ".claude/agents/reviewer.md": "---\nname: reviewer\ndescription: reviews\n---\nYou review.\n",
    ".claude/commands/git/pr.md": "Open one.\n",
    ".claude/skills/pdf/SKILL.md": "---\nname: All of PDF\ndescription: reads them\n---\nRead it.\n",
    ".claude/settings.local.json": JSON.stringify({
      enabledMcpjsonServers: Object.keys(servers),
      hooks: { SessionStart: [{ hooks: [{ type: "command", command: "echo once >> started" }] }] },
    }),
    ".mcp.json": JSON.stringify({ mcpServers: servers }),
  };
}

const all = { agents: ["reviewer"], commands: ["git:pr"], skills: ["pdf"] };
const ofType = (events: readonly HarnessEvent[], type: string) => events.filter((event) => event.type === type);

describe("a start with components", () => {
  it("sends the prompt to the process that has proven them, once its slowest server is there", async () => {
    const { url, requests } = await model([{ tools: [{ name: "mcp__slow__greet", input: {} }] }, { text: "Done." }]);
    const slow = server.replace("%", "await new Promise((resolve) => setTimeout(resolve, 3000));");
    const { events, outcome, directory } = await runClaude({
      baseUrl: url,
      files: workspace({ slow: start(slow), quick: start(server.replace("%", "")) }),
      expected: { ...all, mcpServers: ["slow", "quick"] },
    });
    expect(outcome).toEqual({ ok: true, reason: "done", message: "Done." });
    expect(ofType(events, "harness.session")).toMatchObject([
      {
        agents: expect.arrayContaining(["reviewer"]),
        commands: expect.arrayContaining(["git:pr"]),
        skills: expect.arrayContaining(["pdf"]),
        mcpServers: [
          { name: "slow", status: "connected" },
          { name: "quick", status: "connected" },
        ],
      },
    ]);
    expect(ofType(events, "tool.end")).toMatchObject([{ status: "ok", output: "a greeting of the server" }]);
    expect(JSON.stringify(events)).not.toContain("control_response");
    expect(requests.length).toBeGreaterThan(1);
    expect(existsSync(join(directory, "started"))).toBe(true);
  });

  it("sends nothing when something is missing, and says what and why, with a server's own words", async () => {
    const { url, requests } = await model([{ text: "Never." }]);
    const run = runClaude({
      baseUrl: url,
      files: workspace({
        broken: start("console.error('there is no LICENSE_KEY'); process.exit(3)"),
        absent: { command: "no-such-program-here" },
        delayed: start("setTimeout(() => { console.error('npm error 404 far-package'); process.exit(1) }, 2500)"),
      }),
      expected: {
        agents: ["reviewer", "ghost"],
        commands: ["none"],
        skills: ["pdf"],
        mcpServers: ["broken", "absent", "delayed", "lost"],
      },
    });
    await expect(run).rejects.toMatchObject({ code: "component" });
    const { message } = (await run.catch((error) => error)) as Error;
    expect(message).toContain('does not list the agent "ghost"');
    expect(message).toContain('does not list the command "none"');
    expect(message).toMatch(/"broken" does not start: .*it said: there is no LICENSE_KEY/);
    expect(message).toMatch(/"delayed" does not start: .*it said: npm error 404 far-package/);
    expect(message).toMatch(/"absent" does not start: .*no-such-program-here/);
    expect(message).toContain('"lost" is not known');
    expect(message).not.toContain("pdf");
    expect(requests.filter(({ kind }) => kind === "turn")).toEqual([]);
  });

  it("takes a server that offers only resources or only prompts for one that works, and none that offers nothing", async () => {
    const offering = (capabilities: unknown, listed: Readonly<Record<string, unknown>>) =>
      start(
        server
          .replace("%", "")
          .replace("{ tools: {} }", JSON.stringify(capabilities))
          .replace(/"tools\/list": .*,/, `...${JSON.stringify(listed)},`),
      );
    const files = workspace({
      pages: offering({ resources: {} }, { "resources/list": { resources: [{ uri: "x://a", name: "a" }] } }),
      words: offering({ prompts: {} }, { "prompts/list": { prompts: [{ name: "p", description: "d" }] } }),
      empty: offering({ tools: {} }, { "tools/list": { tools: [] } }),
    });
    const { url, requests } = await model([{ text: "Done." }]);
    const works = await runClaude({ baseUrl: url, files, expected: { ...all, mcpServers: ["pages", "words"] } });
    expect(works.outcome).toMatchObject({ ok: true });
    const before = requests.length;
    const run = runClaude({ baseUrl: url, files, expected: { mcpServers: ["pages", "empty"] } });
    await expect(run).rejects.toThrow(/is loaded: MCP server "empty" starts and offers nothing$/);
    expect(requests.slice(before).filter(({ kind }) => kind === "turn")).toEqual([]);
  });

  it("takes neither a skill that hides a command, nor what Claude Code brings itself, for what was named", async () => {
    const { url, requests } = await model([{ text: "Never." }]);
    const run = runClaude({
      baseUrl: url,
      files: {
        ".claude/commands/cut.md": "---\ndescription: The command\n---\nCut.\n",
        ".claude/skills/cut/SKILL.md": "---\nname: cut\ndescription: The skill\n---\nCut.\n",
      },
      expected: {
        commands: ["cut", "review"],
        skills: ["cut", "debug"],
        agents: ["Plan"],
        descriptions: { "command cut": "The command", "skill cut": "The skill", "agent Plan": "My own plan" },
      },
    });
    const { message } = (await run.catch((error) => error)) as Error;
    expect(message).toContain('Claude Code lists another command by the name "cut": "The skill (project)"');
    expect(message).toContain('does not list the command "review"');
    expect(message).toContain('does not list the skill "debug"');
    expect(message).toContain('lists another agent by the name "Plan"');
    expect(message).not.toContain('skill "cut"');
    expect(requests.filter(({ kind }) => kind === "turn")).toEqual([]);
  });

  it("is interrupted, and waits for background work, as any other", async () => {
    const bash = (command: string) => ({ name: "Bash", input: { command, description: "a step" } });
    const { url } = await model([{ text: "Waiting.", tools: [bash("tail -f /dev/null")] }]);
    let interrupted: Promise<void> | undefined;
    const { outcome } = await runClaude({
      baseUrl: url,
      files: workspace({}),
      expected: all,
      onEvent: (event, interrupt) => {
        if (event.type === "tool.start") interrupted ??= interrupt();
      },
    });
    await interrupted;
    expect(outcome.ok).toBe(false);

    const later = await model([
      { tools: [{ name: "Bash", input: { command: "sleep 2", description: "wait", run_in_background: true } }] },
      { text: "I wait." },
      { text: "It has ended." },
    ]);
    const ended = await runClaude({ baseUrl: later.url, files: workspace({}), expected: all });
    expect(ended.outcome).toMatchObject({ ok: true, message: "It has ended." });
    expect(ofType(ended.events, "harness.result")).toHaveLength(1);
  });

  it("takes a prompt of any length and letters, and a command's name in it", async () => {
    const seen: string[] = [];
    const scripted = createScriptedModel({
      script: {
        turns: [
          (request) => {
            seen.push(JSON.stringify(request.messages));
            return { text: "Read." };
          },
        ],
      },
    });
    const { url, close } = await scripted.listen();
    cleanups.push(close);
    const prompt = `/git:pr ${"ü".repeat(300_000)}`;
    const { outcome } = await runClaude({ baseUrl: url, task: { prompt }, files: workspace({}), expected: all });
    expect(outcome).toMatchObject({ ok: true });
    expect(seen[0]).toContain("Open one.");
    expect(seen[0]).toContain("ü".repeat(300_000));
  });
});
