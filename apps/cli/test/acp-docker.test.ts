import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { methods } from "@agentclientprotocol/sdk";
import type { Script, ScriptTurn } from "@glovebox/scripted-model";
import { describe, expect, it } from "vitest";
import { type Stage, setStage } from "./support/stage.ts";
import { type Decide, TestEditor } from "./support/test-editor.ts";
import { bash, say, write } from "./support/turns.ts";

interface Message {
  readonly role?: string;
}

/** Answers by what was said last, as often as it is said; everything else ends the turn. */
function answers(turns: Readonly<Record<string, ScriptTurn>>): Script {
  const step = ({ messages }: { readonly messages: unknown }) => {
    // Claude Code adds remarks of the system.
    const last = JSON.stringify((messages as readonly Message[]).findLast(({ role }) => role !== "system"));
    const said = Object.keys(turns).find((word) => last.includes(word));
    return (said === undefined ? undefined : turns[said]) ?? say("That is all.");
  };
  return { turns: Array(20).fill(step) };
}

/** Installs the harness as a user does: beside the others in the state directory. */
function installCodex({ home }: Stage): void {
  const place = join(home, "packages/node_modules/@glovebox/harness-codex");
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(fileURLToPath(new URL("../../../packages/harness-codex", import.meta.url)), place);
}

describe("glovebox acp on Docker", () => {
  it("has Claude Code ask, obeys the answers, and continues after it was killed in a prompt", {
    timeout: 600_000,
  }, async () => {
    await using stage: Stage = await setStage(
      answers({
        get "Start it"() {
          const refused = bash(`echo no > refused.txt # ${stage.key}`);
          return { tools: [...(write("made.txt", "one\n").tools ?? []), ...(refused.tools ?? [])] };
        },
        "Wait for it": bash("echo half > half.txt; sleep 600"),
        "Look at it": bash("cat made.txt half.txt"),
      }),
    );
    const { directory } = stage;
    const decide: Decide = ({ toolCall: { title = "" } }) => (title?.startsWith("Bash") ? "reject" : "allow");
    const writes: Decide = (request) => (request.toolCall.toolCallId.includes("/apply") ? "apply" : decide(request));
    let sessionId = "";
    {
      await using editor = new TestEditor(stage, [], { decide: writes });
      await editor.initialize();
      const opened = await editor.agent.request(methods.agent.session.new, { cwd: directory, mcpServers: [] });
      ({ sessionId } = opened);
      expect(opened.modes).toMatchObject({ currentModeId: "free", availableModes: [{ id: "free" }, { id: "ask" }] });
      await editor.agent.request(methods.agent.session.setMode, { sessionId, modeId: "ask" });
      expect(await editor.prompt(sessionId, "Start it")).toEqual({ stopReason: "end_turn" });
      const path = join(directory, "made.txt");
      const [first, second] = editor.questions;
      const content = [{ type: "diff", path, newText: "one\n" }];
      const shown = (text: string) => ({
        type: "content",
        content: { type: "text", text: expect.stringContaining(text) },
      });
      expect(first?.toolCall).toMatchObject({
        ...{ title: "Write made.txt", kind: "edit", locations: [{ path }] },
        content: [...content, shown('"file_path": "/workspace/made.txt"')],
      });
      expect(second?.toolCall).toMatchObject({
        ...{ title: expect.stringContaining("Bash echo no > refused.txt"), kind: "execute" },
        content: [shown("echo no > refused.txt")],
      });
      expect(JSON.stringify(editor.questions)).not.toContain(stage.key);
      const toolCallId = second?.toolCall.toolCallId;
      expect(editor.updates).toContainEqual(expect.objectContaining({ toolCallId, status: "failed" }));
      expect(editor.updates).toContainEqual(
        expect.objectContaining({ sessionUpdate: "tool_call", toolCallId: first?.toolCall.toolCallId, content }),
      );
      expect([stage.file("made.txt"), existsSync(join(directory, "refused.txt"))]).toEqual(["one\n", false]);
      await editor.agent.request(methods.agent.session.setMode, { sessionId, modeId: "free" });
      const isAtWork = editor.untilTool("sleep");
      const cut = editor.prompt(sessionId, "Wait for it").catch(() => "cut");
      await isAtWork;
      expect(await stage.containers()).toHaveLength(1);
      await editor.kill();
      expect(await cut).toBe("cut");
      expect(editor.reached).toEqual([]);
    }
    await using editor = new TestEditor(stage, [], { decide: writes });
    await editor.initialize();
    await editor.agent.request(methods.agent.session.load, { sessionId, cwd: directory, mcpServers: [] });
    expect(await stage.containers()).toEqual([]);
    expect(editor.said("user_message_chunk")).toBe("Start itWait for it");
    expect(editor.said()).toContain("That is all.");
    expect(await editor.prompt(sessionId, "Look at it")).toEqual({ stopReason: "end_turn" });
    expect(editor.updates).toContainEqual(
      expect.objectContaining({
        content: [{ type: "content", content: { type: "text", text: expect.stringContaining("one\nhalf") } }],
      }),
    );
    expect(stage.file("half.txt")).toBe("half\n");
    expect(await editor.close(), editor.stderr).toBe(0);
    expect(await stage.containers()).toEqual([]);
  });

  it("works with Codex in two sessions at once, and cleans up when the editor closes in a prompt", {
    timeout: 600_000,
  }, async () => {
    const exec = (cmd: string) => ({ name: "exec_command", input: { cmd } });
    await using stage = await setStage(
      answers({
        "Start it": { tools: [exec("echo made > made.txt; pwd")] },
        "Wait for it": { tools: [exec("echo half > half.txt; sleep 600")] },
      }),
    );
    installCodex(stage);
    const env = {
      ...{ ANTHROPIC_API_KEY: undefined, ANTHROPIC_BASE_URL: undefined },
      ...{ OPENAI_API_KEY: stage.key, OPENAI_BASE_URL: `${stage.modelUrl}/v1` },
    };
    const args = ["--harness", "codex", "--model", "gpt-5.2-codex", "--sync", "live"];
    await using editor = new TestEditor(stage, args, { decide: () => "no", env });
    await editor.initialize();
    const open = async (name: string) => {
      const cwd = join(stage.directory, name);
      mkdirSync(cwd);
      writeFileSync(join(cwd, "name.txt"), name);
      const opened = await editor.agent.request(methods.agent.session.new, { cwd, mcpServers: [] });
      expect(opened.modes ?? null).toBeNull();
      return opened.sessionId;
    };
    const sessions = [await open("a"), await open("b")];
    const ended = await Promise.all(sessions.map((id) => editor.prompt(id, "Start it")));
    expect(ended).toEqual([{ stopReason: "end_turn" }, { stopReason: "end_turn" }]);
    expect([stage.file("a/made.txt"), stage.file("b/made.txt")]).toEqual(["made\n", "made\n"]);
    expect(editor.questions).toEqual([]);
    const call = { sessionUpdate: "tool_call", title: "command echo made > made.txt; pwd", kind: "execute" };
    expect(editor.updates).toContainEqual(expect.objectContaining(call));
    const isAtWork = editor.untilTool("sleep");
    void editor.prompt(sessions[0] ?? "", "Wait for it").catch(() => {});
    await isAtWork;
    expect(await editor.close(), editor.stderr).toBe(0);
    expect(await stage.containers()).toEqual([]);
    expect(JSON.stringify(editor.updates)).not.toContain(stage.key);
  });
});
