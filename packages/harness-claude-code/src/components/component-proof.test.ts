import type { ComponentNames } from "@glovebox/core/harness";
import { describe, expect, it } from "vitest";
import { ComponentProof } from "./component-proof.ts";
import { readControlAnswer } from "./control-answer.ts";

const nothing: ComponentNames = { agents: [], commands: [], skills: [], mcpServers: [] };

interface TalkOptions {
  /** What a server has printed. */
  readonly log?: () => string;
  readonly environment?: string;
  readonly prompt?: string;
  readonly refused?: readonly string[];
}

/** Claude Code's side of the talk, as far as a proof needs it. */
function talk(
  expected: Partial<ComponentNames>,
  { log = () => "", environment = "", prompt = "the prompt", refused = [] }: TalkOptions = {},
) {
  const written: Record<string, unknown>[] = [];
  const state = { closed: false };
  const warnings: string[] = [];
  const input = {
    write: async (text: string) => void written.push(JSON.parse(text)),
    closeInput: async () => {
      state.closed = true;
    },
    warn: (_code: string, message: string) => void warnings.push(message),
    run: async ([program]: readonly string[]) => (program === "env" ? environment : log()),
    refusedHosts: () => refused,
  };
  const proof = new ComponentProof(input, { prompt }, { ...nothing, ...expected });
  /** Answers the question that was asked last. */
  const answer = (response: Readonly<Record<string, unknown>>, subtype = "success") =>
    proof.hear({ subtype, request_id: String(written.at(-1)?.request_id), response });
  return { proof, answer, written, state, warnings };
}

describe("a proof", () => {
  it("sends the prompt and closes the input once all is there, and not before", async () => {
    const { proof, answer, written, state } = talk({
      agents: ["a"],
      commands: ["c"],
      skills: ["s"],
      mcpServers: ["m"],
    });
    await proof.begin();
    await answer({ agents: [{ name: "a" }], commands: [{ name: "c" }, { name: "S of mine", aliases: ["s"] }] });
    await answer({ sources: [] });
    await answer({ mcpServers: [{ name: "m", status: "pending" }] });
    expect(written.map(({ type }) => type)).toEqual(Array(4).fill("control_request"));
    expect(state.closed).toBe(false);
    await answer({
      mcpServers: [
        { name: "m", status: "connected" },
        { name: "other", status: "failed" },
      ],
    });
    expect(written.at(-1)).toEqual({ type: "user", message: { role: "user", content: "the prompt" } });
    expect(state.closed).toBe(true);
  });

  it("takes no other of the same name for the one that was named, and none of Claude Code's own", async () => {
    const { proof, answer } = talk({
      agents: ["a", "b"],
      commands: ["c"],
      skills: ["review", "s", "long"],
      descriptions: {
        "agent a": "Reviews <b>code</b>\nwell",
        "agent b": "Builds",
        "command c": "The command",
        "skill s": "S of mine",
        "skill long": `Long ${"word ".repeat(300)}`,
      },
    });
    const load = async (response: Readonly<Record<string, unknown>>) => {
      await proof.begin();
      await answer(response);
      await answer({ sources: [] });
    };
    const commands = [
      { name: "c", description: "The skill of this name (project)" },
      { name: "code-review", aliases: ["review"], builtin: true },
      { name: "other", aliases: ["s"], description: "(kit) S of mine" },
      { name: "long", description: `Long ${"word ".repeat(20)}… (project)` },
    ];
    const agents = [
      { name: "a", description: "Reviews &lt;b&gt;code&lt;/b&gt; well" },
      { name: "b", description: "Builds something else: no" },
    ];
    await expect(
      load({ agents: [...agents.slice(0, 1), { name: "b", description: "Breaks" }], commands }),
    ).rejects.toThrow(
      'Claude Code lists another agent by the name "b": "Breaks"; ' +
        'Claude Code lists another command by the name "c": "The skill of this name (project)"; ' +
        'Claude Code does not list the skill "review"',
    );
  });

  it("wants tools of a server, and gives it time to say them", async () => {
    const { answer, written } = talk({ mcpServers: ["m"] });
    await answer({ agents: [], commands: [] });
    await answer({ sources: [] });
    const silent = { mcpServers: [{ name: "m", status: "connected", tools: [] }] };
    await answer(silent);
    expect(written.at(-1)).toMatchObject({ request: { subtype: "mcp_status" } });
    await answer({ mcpServers: [{ name: "m", status: "connected", tools: [{ name: "greet" }] }] });
    expect(written.at(-1)).toMatchObject({ type: "user" });
    const never = talk({ mcpServers: ["m"] });
    await never.answer({ agents: [], commands: [] });
    await never.answer({ sources: [] });
    const until = async (): Promise<void> => {
      for (;;) await never.answer(silent);
    };
    await expect(until()).rejects.toThrow('MCP server "m" starts and offers nothing');
  });

  it("names the hosts that were refused while a server did not start", async () => {
    const { answer } = talk({ mcpServers: ["m"] }, { refused: ["registry.example.com:443"] });
    await answer({ agents: [], commands: [] });
    await answer({ sources: [] });
    await expect(answer({ mcpServers: [{ name: "m", status: "needs-auth" }] })).rejects.toThrow(
      "meanwhile and may not reach: registry.example.com:443",
    );
  });

  it("names everything that is missing, with the reason", async () => {
    const { proof, answer, written, state } = talk({ agents: ["a"], mcpServers: ["login", "off", "lost"] });
    await proof.begin();
    await answer({ agents: [], commands: [] });
    await answer({ sources: [] });
    const servers = [
      { name: "login", status: "needs-auth" },
      { name: "off", status: "disabled" },
    ];
    await expect(answer({ mcpServers: servers })).rejects.toMatchObject({
      code: "component",
      message:
        'Not everything that was named is loaded: Claude Code does not list the agent "a"; MCP server "login" does not ' +
        'start: it wants a login; MCP server "off" does not start: the settings turn it off; MCP server "lost" is not ' +
        "known to Claude Code",
    });
    expect(written.some(({ type }) => type === "user")).toBe(false);
    expect(state.closed).toBe(false);
  });

  it("tells the end of what a server printed, and of no other", async () => {
    const line = (server: string, error: string) => `/home/x/mcp-logs-${server}/a.jsonl:${JSON.stringify({ error })}`;
    const log = [
      line("my-server", `Server stderr: ${"x".repeat(2000)}\n  the\tend\n`),
      line("my-server", "Connection failed (CONNECTION_CLOSED): Connection closed"),
      line("my-server-2", "Server stderr: of another"),
      "/home/x/mcp-logs-my-server/a.jsonl:{cut",
    ].join("\n");
    const { proof, answer } = talk({ mcpServers: ["my.server"] }, { log: () => log });
    await proof.begin();
    await answer({ agents: [], commands: [] });
    await answer({ sources: [] });
    const error = await answer({ mcpServers: [{ name: "my.server", status: "failed", error: "closed" }] }).catch(
      (e) => e,
    );
    expect(error.message).toMatch(/does not start: closed; it said: x+ the end$/);
    expect(error.message.length).toBeLessThan(1200);
    expect(error.message).not.toContain("of another");
  });

  it("names the settings that would move the model before it sends the prompt, and none of their values", async () => {
    const { proof, answer, written, warnings } = talk(
      {},
      { environment: "A=1\0CLAUDE_CODE_USE_BEDROCK=1\0ANTHROPIC_API_KEY=\0" },
    );
    await proof.begin();
    await answer({ agents: [], commands: [] });
    expect(written.some(({ type }) => type === "user")).toBe(false);
    await answer({
      sources: [
        {
          source: "projectSettings",
          settings: { env: { ANTHROPIC_BASE_URL: "https://secret", OK: "1" }, apiKeyHelper: "x" },
        },
        { source: "localSettings", settings: { env: { https_proxy: "http://secret" } } },
        { source: "userSettings", settings: { model: "opus", env: null } },
        { source: "policySettings", settings: { env: { AWS_REGION: "secret" } } },
      ],
    });
    expect(written.at(-1)).toMatchObject({ type: "user" });
    expect(warnings).toEqual([
      expect.stringMatching(/^The sandbox's environment sets CLAUDE_CODE_USE_BEDROCK: /),
      expect.stringMatching(/^\.claude\/settings\.json sets ANTHROPIC_BASE_URL, apiKeyHelper: /),
      expect.stringMatching(/^\.claude\/settings\.local\.json sets https_proxy: /),
      expect.stringMatching(/^The managed settings file of the sandbox's image sets AWS_REGION: /),
    ]);
    expect(warnings.join()).not.toContain("secret");
  });

  it("sends the prompt also to a version that tells nothing of its settings", async () => {
    const { proof, answer, written, warnings } = talk({});
    await proof.begin();
    await answer({ agents: [], commands: [] });
    await answer({}, "error");
    expect(written.at(-1)).toMatchObject({ type: "user" });
    expect(warnings).toEqual([]);
  });

  it.each([
    ["/login page is broken", "\n/login page is broken"],
    ["/", "\n/"],
    ["/deploy", "/deploy"],
    ["/deploy\tnow", "/deploy\tnow"],
    ["/deployed", "\n/deployed"],
    ["/git:pr x", "/git:pr x"],
    ["/pdf x", "/pdf x"],
    ["/review x", "/review x"],
    ["/code-review x", "\n/code-review x"],
    [" /login", " /login"],
    ["\uff0flogin", "\uff0flogin"],
    ["!ls", "!ls"],
    ["# a heading", "# a heading"],
    ["@file", "@file"],
  ])("sends the prompt %j as %j where these commands were added", async (prompt, content) => {
    const { proof, answer, written } = talk({}, { prompt });
    await proof.begin();
    const commands = [
      { name: "deploy" },
      { name: "git:pr" },
      { name: "All of PDF", aliases: ["pdf"] },
      { name: "review" },
      { name: "login", builtin: true },
      { name: "code-review", aliases: ["review"], builtin: true },
    ];
    await answer({ agents: [], commands });
    await answer({ sources: [] });
    expect(written.at(-1)).toEqual({ type: "user", message: { role: "user", content } });
  });

  it("takes no command for an added one where the version does not mark its own", async () => {
    const { proof, answer, written } = talk({}, { prompt: "/login page" });
    await proof.begin();
    await answer({ agents: [], commands: [{ name: "login" }] });
    await answer({ sources: [] });
    expect(written.at(-1)).toMatchObject({ message: { content: "\n/login page" } });
  });

  it("takes an answer that is an error for none", async () => {
    const { proof } = talk({});
    const said = proof.hear({ subtype: "error", request_id: "x", error: "no such request" });
    await expect(said).rejects.toMatchObject({
      code: "component",
      message: expect.stringContaining("no such request"),
    });
  });
});

it.each([
  ['{"type":"control_response"}', false],
  ['not json "control_response"', false],
  ['{"type":"assistant","message":{"content":"\\"control_response\\""}}', false],
  ['{"type":"control_response","response":{"subtype":"success","request_id":"1","response":{"agents":[]}}}', true],
])("reads %s as an answer: %j", (line, is) => {
  expect(readControlAnswer(line) !== undefined).toBe(is);
});
