import type { ComponentNames } from "@glovebox/core/harness";
import { describe, expect, it } from "vitest";
import { ComponentProof } from "./component-proof.ts";
import { readControlAnswer } from "./control-answer.ts";

const nothing: ComponentNames = { agents: [], commands: [], skills: [], mcpServers: [] };

/** Claude Code's side of the talk, as far as a proof needs it. */
function talk(expected: Partial<ComponentNames>, log: () => string = () => "") {
  const written: Record<string, unknown>[] = [];
  const state = { closed: false };
  const input = {
    write: async (text: string) => void written.push(JSON.parse(text)),
    closeInput: async () => {
      state.closed = true;
    },
    run: async () => log(),
  };
  const proof = new ComponentProof(input, "the prompt", { ...nothing, ...expected });
  const answer = (response: Readonly<Record<string, unknown>>) =>
    proof.hear({ subtype: "success", request_id: "x", response });
  return { proof, answer, written, state };
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
    await answer({ mcpServers: [{ name: "m", status: "pending" }] });
    expect(written.map(({ type }) => type)).toEqual(["control_request", "control_request", "control_request"]);
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

  it("names everything that is missing, with the reason", async () => {
    const { answer, written, state } = talk({ agents: ["a"], mcpServers: ["login", "off", "lost"] });
    await answer({ agents: [], commands: [] });
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
    const { answer } = talk({ mcpServers: ["my.server"] }, () => log);
    await answer({ agents: [], commands: [] });
    const error = await answer({ mcpServers: [{ name: "my.server", status: "failed", error: "closed" }] }).catch(
      (e) => e,
    );
    expect(error.message).toMatch(/does not start: closed; it said: x+ the end$/);
    expect(error.message.length).toBeLessThan(1200);
    expect(error.message).not.toContain("of another");
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
