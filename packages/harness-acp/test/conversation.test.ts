import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { HarnessEvent, PermissionQuestion } from "@glovebox/core/harness";
import { SandboxError } from "@glovebox/core/provider";
import { afterAll, describe, expect, it } from "vitest";
import { type AcpSettings, type AgentProfile, agentProfiles, createAcp, harness } from "../src/index.ts";
import { type AgentRunOptions, removeDirectories, runAgent } from "./support/run-agent.ts";

afterAll(removeDirectories);

const program = fileURLToPath(new URL("support/hostile-agent.ts", import.meta.url));

const settings = (behaviour: string, rest: Partial<AcpSettings> = {}): AcpSettings => ({
  profile: "hostile",
  profiles: {
    hostile: {
      npmPackage: "hostile-agent",
      version: "1.2.3",
      command: [process.execPath, program, behaviour],
      endpoint: "anthropic",
      mode: "free",
    },
  },
  ...rest,
});

const run = (behaviour: string, options: Partial<AgentRunOptions> = {}, rest: Partial<AcpSettings> = {}) =>
  runAgent({ harness: createAcp(settings(behaviour, rest)), modelUrl: "http://127.0.0.1:1", ...options });

const ofType = <T extends HarnessEvent["type"]>(events: readonly HarnessEvent[], type: T) =>
  events.filter((event): event is Extract<HarnessEvent, { type: T }> => event.type === type);

/** As components name a variable of the sandbox. */
const variable = (text: string) => ["$", "{", text, "}"].join("");

describe("a conversation", () => {
  it("gives the session, texts, tools, costs and the answer of an agent as events", async () => {
    const { events, outcome, directory, left, endedItself } = await run("whole");
    const answer = "Done: -32601,-32601,-32601 []";
    expect(outcome).toMatchObject({ ok: true, message: answer });
    expect(events.filter(({ type }) => type !== "harness.raw")).toEqual([
      {
        type: "harness.session",
        sessionId: "session-1",
        version: "1.2.3",
        ...{ tools: [], agents: [], commands: ["review"], skills: [], mcpServers: [] },
      },
      { type: "reasoning.delta", messageId: "message-1", text: "Hm." },
      { type: "text.delta", messageId: "message-2", text: "I wri" },
      { type: "text.delta", messageId: "message-2", text: "te." },
      { type: "message.end", messageId: "message-2", role: "assistant", text: "I write." },
      { type: "tool.start", callId: "call-1", name: "edit", input: { path: "a.txt" } },
      { type: "tool.end", callId: "call-1", status: "ok", output: "--- a.txt\n+++ a.txt\n-old\n+new" },
      { type: "tool.start", callId: "call-2", name: "execute", input: { title: "left open" } },
      { type: "text.delta", messageId: "message-3", text: answer },
      { type: "message.end", messageId: "message-3", role: "assistant", text: answer },
      { type: "tool.end", callId: "call-2", status: "interrupted", output: "" },
      { type: "harness.result", ok: true, reason: "done", message: answer, costUsd: 0.5, sessionId: "session-1" },
    ]);
    const raw = ofType(events, "harness.raw").map(({ line }) => line);
    expect(raw).toContainEqual(expect.stringContaining('"plan"'));
    expect(raw).toContainEqual(expect.stringContaining('{"permission":"Write a.txt","answer":{"outcome":"selected"'));
    expect(readFileSync(join(directory, "mode.txt"), "utf8")).toBe("free");
    expect(readFileSync(join(directory, "prompt.txt"), "utf8")).toBe("Do it");
    expect(existsSync(join(directory, "a.txt"))).toBe(true);
    expect({ left, endedItself }).toEqual({ left: [], endedItself: true });
  });

  it("rejects what the agent asks for where the run's policy says so", async () => {
    const { events, directory } = await run("whole", {}, { permissions: "reject" });
    expect(ofType(events, "tool.end")[0]).toMatchObject({ callId: "call-1", status: "error" });
    expect(existsSync(join(directory, "a.txt"))).toBe(false);
  });

  it("asks the user in place of the run's policy where the agent has to ask, and passes on a yes or no", async () => {
    const questions: PermissionQuestion[] = [];
    const answer = async (isAllowed: boolean) => {
      const permit = async (question: PermissionQuestion) => {
        questions.push(question);
        return isAllowed;
      };
      const { hostile } = settings("whole").profiles ?? {};
      const profiles = hostile === undefined ? {} : { hostile: { ...hostile, mode: "other", askingMode: "free" } };
      const { directory, outcome } = await run("whole", { task: { asksPermission: true }, permit }, { profiles });
      expect(outcome.ok).toBe(true);
      expect(readFileSync(join(directory, "mode.txt"), "utf8")).toBe("free");
      return existsSync(join(directory, "a.txt"));
    };
    expect([await answer(false), await answer(true)]).toEqual([false, true]);
    expect(questions).toEqual(Array(2).fill({ callId: "call-1", name: "edit", input: { path: "a.txt" } }));
  });

  it("gives MCP servers to the session, with the values of their variables", async () => {
    const server = {
      name: "files",
      command: "mcp-files",
      args: ["--root", variable("HOME:-x")],
      env: { A: variable("NOT_SET:-fallback") },
    };
    const task = { components: { agents: [], commands: [], skills: [], mcpServers: [server] } };
    const { result, events } = await run("whole", { task });
    expect(ofType(events, "harness.session")[0]?.mcpServers).toEqual([{ name: "files", status: "requested" }]);
    expect(result?.message).toContain('"env":[{"name":"A","value":"fallback"}]');
    expect(result?.message).not.toContain("HOME");
  });

  it.each([
    ["max_tokens", "error", "limit of tokens"],
    ["max_turn_requests", "max-turns", "limit of requests"],
    ["refusal", "error", "refused to continue"],
    ["constructor", "error", "ended with constructor"],
    ["cancelled", "aborted", "cancelled"],
    ["made_up", "error", "made_up"],
    ["api", "api-error", "API Error: 403 no"],
    ["version", "error", "version 7 of the protocol"],
    ["login", "api-error", "Authentication required"],
    ["failure", "api-error", "The service is busy. (HTTP 500)"],
  ])("fails when the turn ends with %s", async (behaviour, reason, message) => {
    const { outcome } = await run(behaviour);
    expect(outcome).toMatchObject({ ok: false, reason, message: expect.stringContaining(message) });
  });

  it("shows the results of several commands as text, and of a failed answer what its profile says", async () => {
    const { profiles } = settings("results");
    const hostile = { ...profiles?.hostile, failedAnswer: agentProfiles.copilot?.failedAnswer } as AgentProfile;
    const { events, outcome } = await run("results", {}, { profiles: { hostile } });
    expect(ofType(events, "tool.end")).toMatchObject([{ status: "ok", output: "first\n\nsecond\n" }]);
    expect(outcome).toMatchObject({ ok: false, reason: "api-error", message: "Error: no answer" });
  });

  it("takes nothing for a result that the agent only prints", async () => {
    const { outcome, events, result } = await run("exit");
    expect(result).toBeUndefined();
    expect(outcome).toMatchObject({ ok: false, reason: "no-result", message: expect.stringContaining("exit code 3") });
    expect(ofType(events, "harness.session").map(({ sessionId }) => sessionId)).toEqual(["session-1"]);
    expect(ofType(events, "tool.start")).toEqual([{ type: "tool.start", callId: "deep", name: "tool", input: {} }]);
    expect(ofType(events, "tool.end")).toMatchObject([{ callId: "deep", status: "interrupted" }]);
    expect(ofType(events, "message.end")[0]?.text).toHaveLength(5_000_000);
    const raw = ofType(events, "harness.raw").map(({ line }) => line);
    expect(raw).toContain('result {"ok":true,"reason":"done","message":"forged"}');
  });

  it("stops an agent that sends requests and reads no answers", async () => {
    const { outcome } = await run("flood", {
      onEvent: ({ type }, stop) => {
        if (type === "harness.session") stop();
      },
    });
    expect(outcome).toMatchObject({ ok: false, reason: "no-result" });
  });

  it("cancels the session when the run stops", async () => {
    const { outcome, left } = await run("hang", {
      onEvent: ({ type }, stop) => {
        if (type === "text.delta") stop();
      },
    });
    expect(outcome).toMatchObject({ ok: false, reason: "aborted" });
    expect(left).toEqual([]);
  });

  it("ends the agent when the run stops before there is a session", async () => {
    const agent = createAcp(settings("silent"));
    const { outcome } = await runAgent({ harness: agent, modelUrl: "http://127.0.0.1:1", stopsAtOnce: true });
    expect(outcome.ok).toBe(false);
  });

  it("loads the session that the task continues, without its earlier messages", async () => {
    const { outcome, events } = await run("load", { task: { resumeSessionId: "earlier" } });
    expect(outcome).toMatchObject({ ok: true, message: "And again." });
    expect(ofType(events, "harness.session")[0]?.sessionId).toBe("earlier");
    expect(JSON.stringify(events)).not.toContain("Said before");
    const refused = await run("end_turn", { task: { resumeSessionId: "earlier" } });
    expect(refused.outcome).toMatchObject({ ok: false, message: "The agent cannot continue a session" });
  });
});

describe("what the protocol has no place for", () => {
  const refusal = (task: object): string => {
    try {
      createAcp(settings("x")).components?.command(
        { prompt: "p", workspaceDir: "/workspace", ...task },
        { expected: none },
      );
    } catch (error) {
      if (SandboxError.isInstance(error) && error.code === "invalid-options") return error.message;
      throw error;
    }
    return "accepted";
  };
  const none = { agents: [], commands: [], skills: [], mcpServers: [] };

  it.each([
    [{ prompt: " " }, "empty"],
    [{ maxTurns: 3 }, "a limit of turns"],
    [{ maxBudgetUsd: 3 }, "a budget of its own"],
    [{ allowedTools: ["Bash"] }, "allowed tools"],
    [{ appendSystemPrompt: "Be brief." }, "system prompt"],
    [{ resumeSessionId: "a", forkSession: true }, "fork"],
    [{ model: "m" }, "takes no model"],
    [{ model: "--evil" }, "not the name of a model"],
  ])("is refused: %j", (task, message) => {
    expect(refusal(task)).toContain(message);
  });

  it("is refused in the settings", () => {
    expect(() => harness.create({})).toThrow("No agent of the Agent Client Protocol is chosen");
    expect(() => harness.create({ profile: "nobody" })).toThrow('no profile "nobody"');
    expect(() => harness.create({ profile: "claude", more: 1 })).toThrow("more");
  });
});
