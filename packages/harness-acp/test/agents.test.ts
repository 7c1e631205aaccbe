import { existsSync } from "node:fs";
import { join } from "node:path";
import { agentBinary } from "@glovebox/harness-testkit";
import { createScriptedModel, type ScriptStep } from "@glovebox/scripted-model";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { agentProfiles, createAcp } from "../src/index.ts";
import { removeDirectories, runAgent } from "./support/run-agent.ts";

/** The real programs, which are installed on first use. */
const installMs = 600_000;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});
afterAll(removeDirectories);

const description = "make a file";
const shell: Readonly<
  Record<string, (command: string) => { readonly name: string; readonly input: Record<string, unknown> }>
> = {
  claude: (command) => ({ name: "Bash", input: { command, description } }),
  codex: (cmd) => ({ name: "exec_command", input: { cmd } }),
  copilot: (command) => ({ name: "bash", input: { command, description } }),
};

/** Runs the real program of a profile: its first turn writes a file, and `last` is its second one. */
async function run(profile: string, last: ScriptStep) {
  const { npmPackage, version, endpoint } = agentProfiles[profile] ?? {};
  const tool = shell[profile]?.("echo made > made.txt && cat made.txt");
  if (npmPackage === undefined || version === undefined || tool === undefined) throw new Error("no such profile");
  const programs = await agentBinary(npmPackage, version);
  const turns = [{ text: "First.", tools: [tool] }, last, last, last];
  const conversations = [{ firstMessageIncludes: "Do it", turns }];
  const model = createScriptedModel({ script: { turns, conversations } });
  const { url, close } = await model.listen();
  cleanups.push(close);
  const modelUrl = `${url}${endpoint === "openai" || endpoint === "openai-chat" ? "/v1" : ""}`;
  const path = `${programs}:${process.env.PATH}`;
  return await runAgent({ harness: createAcp({ profile }), modelUrl, path });
}

/** Those that report a failed request in ways of their own; the certification of harnesses has all. */
const peculiar = ["claude", "codex", "copilot"];
const refusal = "Glovebox refused the request: the budget is spent";

describe("the real program", () => {
  it.each(peculiar)(
    "of %s writes a file, and fails when the next request is refused",
    async (profile) => {
      const { outcome, result, events, directory, left, endedItself } = await run(profile, {
        fault: { kind: "status", status: 402, message: refusal },
      });
      expect(existsSync(join(directory, "made.txt"))).toBe(true);
      const tools = events.filter(({ type }) => type === "tool.start" || type === "tool.end");
      expect(tools).toMatchObject([{ type: "tool.start" }, { type: "tool.end", status: "ok" }]);
      expect(result).toBeDefined();
      expect(outcome).toMatchObject({ ok: false, message: expect.stringContaining(refusal) });
      expect({ left, endedItself }).toEqual({ left: [], endedItself: true });
    },
    installMs,
  );

  it(
    "of codex succeeds when its turn ends",
    async () => {
      const { outcome, events } = await run("codex", { text: "All done." });
      expect(outcome).toEqual({ ok: true, reason: "done", message: "All done." });
      expect(events).toContainEqual(expect.objectContaining({ type: "tool.end", output: "made\n" }));
    },
    installMs,
  );
});
