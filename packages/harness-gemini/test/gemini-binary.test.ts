import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createScriptedModel, type ScriptStep } from "@glovebox/scripted-model";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { createGemini } from "../src/index.ts";
import { removeDirectories, runAgent, temporaryDirectory } from "./support/agent-process.ts";

// The real program starts in seconds, or in a minute on a machine that does other work.
vi.setConfig({ testTimeout: 300_000 });

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(removeDirectories);

const key = "the-real-key-0123456789";
const harness = createGemini();

async function model(turns: readonly ScriptStep[]) {
  const server = createScriptedModel({ script: { turns }, expectKey: key });
  const { url, close } = await server.listen();
  cleanups.push(close);
  return { url, requests: server.requests };
}

const shell = (command: string) => ({ name: "run_shell_command", input: { command, description: "a step" } });

describe("the real binary behind the gateway", () => {
  it("writes a file against a hostile project's settings, asks nobody else, and is continued", async () => {
    let seen = "";
    const { url, requests } = await model([
      (request) => {
        seen = `${request.model} ${JSON.stringify(request.messages)}`;
        return { text: "Here it comes.", tools: [shell("echo made > made.txt; env")] };
      },
      { text: "Done." },
      { text: "Continued." },
    ]);
    const [home, workspace] = [temporaryDirectory(), temporaryDirectory()];
    mkdirSync(join(workspace, ".gemini"));
    const project = { security: { auth: { selectedType: "vertex-ai" } }, model: { name: "other" } };
    writeFileSync(join(workspace, ".gemini/settings.json"), JSON.stringify(project));
    writeFileSync(
      join(workspace, ".env"),
      "GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:9\nGOOGLE_GENAI_USE_VERTEXAI=true\n",
    );
    const options = { harness, modelUrl: url, variable: "GEMINI_API_KEY", key, home, workspace };
    const task = { model: "gemini-2.5-pro", appendSystemPrompt: "Be brief." };
    const first = await runAgent({ ...options, task: { ...task, prompt: "/login page is broken" } });
    expect(first.outcome).toEqual({ ok: true, reason: "done", message: "Done." });
    expect(readFileSync(join(workspace, "made.txt"), "utf8")).toBe("made\n");
    expect(seen).toContain("gemini-2.5-pro");
    expect(seen).toContain("/login page is broken");
    const path = "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse";
    expect(requests.map((request) => request.path)).toEqual([path, path]);
    expect(JSON.stringify([first.events, first.passedIn, first.stderr])).not.toContain(key);
    expect(first.otherRequests).toEqual([]);
    const resumeSessionId = first.result?.sessionId ?? "";
    const second = await runAgent({ ...options, task: { ...task, resumeSessionId } });
    expect(second.result).toMatchObject({ ok: true, message: "Continued.", sessionId: resumeSessionId });
  });

  it("fails at once with a key that the API does not accept", async () => {
    const { url, requests } = await model([{ text: "Never." }]);
    const another = { key: "another-key-0123456789", task: { model: "gemini-2.5-pro" } };
    const run = await runAgent({ harness, modelUrl: url, variable: "GEMINI_API_KEY", ...another });
    expect(run.outcome).toMatchObject({ ok: false, reason: "api-error", hint: expect.stringContaining("API key") });
    expect(requests).toHaveLength(1);
  });

  it("stops at the number of turns, and fails where the stream is cut", async () => {
    const tools = [shell("true")];
    const endless = await model(Array.from({ length: 4 }, () => ({ text: "More.", tools })));
    const options = { harness, variable: "GEMINI_API_KEY", key };
    const task = { model: "gemini-2.5-pro", maxTurns: 2 };
    const limited = await runAgent({ ...options, modelUrl: endless.url, task });
    expect(limited.outcome).toMatchObject({ ok: false, reason: "max-turns", remedy: { raise: "maxTurns" } });
    const cut = await model([
      { text: "A text that is long enough to be cut.", fault: { kind: "cut", afterChunks: 1 } },
    ]);
    const broken = await runAgent({ ...options, modelUrl: cut.url, task: { model: "gemini-2.5-pro" } });
    expect(broken.outcome).toMatchObject({ ok: false });
  });

  it("ends without success when it is interrupted while a tool runs", async () => {
    const { url } = await model([{ text: "Waiting.", tools: [shell("tail -f /dev/null")] }]);
    let interrupted: Promise<void> | undefined;
    const run = await runAgent({
      ...{ harness, modelUrl: url, variable: "GEMINI_API_KEY", key, task: { model: "gemini-2.5-pro" } },
      onEvent: (event, interrupt) => {
        if (event.type === "tool.start") interrupted ??= interrupt();
      },
    });
    await interrupted;
    expect(run.outcome.ok).toBe(false);
    for (const event of run.events) if (event.type === "tool.end") expect(event.status).toBe("interrupted");
  });
});
