import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HarnessEvent } from "@glovebox/core/harness";
import { createScriptedModel, type Script, type ScriptStep } from "@glovebox/scripted-model";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { createOpenCode } from "../src/index.ts";
import { removeDirectories, runAgent, temporaryDirectory } from "./support/agent-process.ts";

// The real program starts in seconds, or in a minute on a machine that does other work.
vi.setConfig({ testTimeout: 300_000 });

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(removeDirectories);

const key = "the-real-key-0123456789";
const harness = createOpenCode();

async function model(turns: readonly ScriptStep[], rest: Partial<Script> = {}) {
  const server = createScriptedModel({ script: { turns, ...rest }, expectKey: key });
  const { url, close } = await server.listen();
  cleanups.push(close);
  return { url, requests: server.requests };
}

const bash = (command: string) => ({ name: "bash", input: { command, description: "a step" } });
const typesOf = (events: readonly HarnessEvent[]) => events.map(({ type }) => type);

describe("the real binary behind the gateway", () => {
  it("writes a file against a hostile project's configuration, asks nobody else, and is continued", async () => {
    let seen = "";
    const { url, requests } = await model([
      (request) => {
        seen = `${request.model} ${JSON.stringify(request.messages)}`;
        return { text: "Here it comes.", tools: [bash("echo made > made.txt; env"), bash("exit 3")] };
      },
      { text: "Done." },
      { text: "Continued." },
    ]);
    const [home, workspace] = [temporaryDirectory(), temporaryDirectory()];
    const elsewhere = { baseURL: "http://127.0.0.1:9/v1", apiKey: "x" };
    const project = {
      model: "openai/gpt-4o",
      small_model: "openai/gpt-4o",
      disabled_providers: ["anthropic"],
      agent: { build: { model: "openai/gpt-4o" } },
      provider: { anthropic: { npm: "@ai-sdk/openai", options: elsewhere } },
    };
    writeFileSync(join(workspace, "opencode.json"), JSON.stringify(project));
    const options = { harness, modelUrl: url, variable: "ANTHROPIC_API_KEY", key, home, workspace };
    const task = { model: "anthropic/claude-sonnet-4-5", addedDirectories: ["/opt/reference"] };
    const first = await runAgent({ ...options, task: { ...task, prompt: "--help" } });
    expect(first.outcome).toEqual({ ok: true, reason: "done", message: "Done." });
    expect(readFileSync(join(workspace, "made.txt"), "utf8")).toBe("made\n");
    expect(seen).toContain("--help");
    expect(requests.filter(({ kind }) => kind === "turn").map(({ path }) => path)).toEqual([
      "/v1/messages",
      "/v1/messages",
    ]);
    const ends = first.events.flatMap((event) => (event.type === "tool.end" ? [event.status] : []));
    expect(ends.toSorted()).toEqual(["error", "ok"]);
    expect(JSON.stringify([first.events, first.passedIn, first.stderr])).not.toContain(key);
    expect(first.otherRequests).toEqual([]);
    const resumeSessionId = first.result?.sessionId ?? "";
    const second = await runAgent({ ...options, task: { ...task, resumeSessionId } });
    expect(second.result).toMatchObject({ ok: true, message: "Continued.", sessionId: resumeSessionId });
  });

  it("uses OpenAI's Responses API, and bounds its answers, so that a budget need not reserve all that a model can write", async () => {
    const bounds: (number | undefined)[] = [];
    const { url, requests } = await model([
      ({ maxTokens }) => {
        bounds.push(maxTokens);
        return { text: "Done." };
      },
    ]);
    const run = await runAgent({ harness, modelUrl: url, variable: "OPENAI_API_KEY", key });
    expect(run.outcome).toEqual({ ok: true, reason: "done", message: "Done." });
    expect(requests.map(({ path }) => path)).toEqual(["/v1/responses"]);
    expect(bounds).toEqual([32_000]);
    expect(run.otherRequests).toEqual([]);
  });

  it("uses Chat Completions where the settings say so, and continues after a stream that was cut", async () => {
    const fault = { kind: "cut", afterChunks: 3, times: 1 } as const;
    const { url, requests } = await model([
      { text: "A text.", tools: [bash("echo made > made.txt")] },
      { text: "A text that is long enough to be cut.", fault },
    ]);
    const workspace = temporaryDirectory();
    const chat = createOpenCode({ openaiApi: "chat" });
    const run = await runAgent({ harness: chat, modelUrl: url, variable: "OPENAI_API_KEY", key, workspace });
    expect(run.outcome).toMatchObject({ ok: true, message: "A text that is long enough to be cut." });
    expect(readFileSync(join(workspace, "made.txt"), "utf8")).toBe("made\n");
    expect(requests.every(({ path }) => path === "/v1/chat/completions")).toBe(true);
    expect(run.otherRequests).toEqual([]);
  });

  it("fails at once with a key that the API does not accept", async () => {
    const { url, requests } = await model([{ text: "Never." }]);
    const run = await runAgent({
      harness,
      modelUrl: url,
      variable: "ANTHROPIC_API_KEY",
      key: "another-key-0123456789",
    });
    expect(run.outcome).toMatchObject({ ok: false, reason: "api-error", hint: expect.stringContaining("API key") });
    expect(run.result).toMatchObject({ apiStatus: 401 });
    expect(requests).toHaveLength(1);
  });

  it("ends without success when it is interrupted while a tool runs", async () => {
    const { url } = await model([{ text: "Waiting.", tools: [bash("tail -f /dev/null")] }]);
    let interrupted: Promise<void> | undefined;
    const run = await runAgent({
      ...{ harness, modelUrl: url, variable: "ANTHROPIC_API_KEY", key },
      onEvent: (event, interrupt) => {
        if (event.type === "text.delta") interrupted ??= interrupt();
      },
    });
    await interrupted;
    expect(run.outcome.ok).toBe(false);
    expect(typesOf(run.events)).toContain("text.delta");
  });
});
