import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { methods, type RequestPermissionRequest } from "@agentclientprotocol/sdk";
import { loadHarness, loadProvider } from "@glovebox/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stage, setStage } from "./support/stage.ts";
import { type Decide, TestEditor } from "./support/test-editor.ts";
import { bash, say, write } from "./support/turns.ts";

const bubblewrap = fileURLToPath(new URL("../../../examples/third-party-provider", import.meta.url));
const agent = fileURLToPath(new URL("support/remembering-agent.ts", import.meta.url));

// Where nothing says that bubblewrap should be there, a machine may be without it.
const hasBubblewrap = Boolean(process.env.CI) || spawnSync("bwrap", ["--version"]).status === 0;

const env = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };
let stateDir = "";

beforeAll(async () => {
  if (!hasBubblewrap) return;
  stateDir = mkdtempSync(join(tmpdir(), "glovebox-bubblewrap-"));
  const provider = await loadProvider(bubblewrap, { settings: { stateDir }, resolveFrom: [], pathsFrom: "/" });
  const harness = await loadHarness(agent, { resolveFrom: [], pathsFrom: "/" });
  await provider.prepare({ base: { kind: "default" }, layers: [harness.template()] });
}, 300_000);
afterAll(() => {
  if (stateDir !== "") rmSync(stateDir, { recursive: true, force: true });
});

const sandboxes = () => readdirSync(join(stateDir, "sandboxes"));

function openEditor(stage: Stage, args: readonly string[], decide: Decide): TestEditor {
  mkdirSync(stage.home, { recursive: true });
  writeFileSync(join(stage.home, "config.json"), JSON.stringify({ providers: { [bubblewrap]: { stateDir } } }));
  return new TestEditor(stage, ["--provider", bubblewrap, "--harness", agent, ...args], { decide, env });
}

const isAbout = (word: string) => (request: RequestPermissionRequest) =>
  request.toolCall.toolCallId.includes(`/${word}`);

describe.skipIf(!hasBubblewrap)("glovebox acp", () => {
  it("answers an editor from a sandbox, asks for changes, and continues after both were killed", async () => {
    await using stage = await setStage(
      {
        turns: [],
        conversations: [
          {
            firstMessageIncludes: "Look at /workspace/notes.txt",
            turns: [
              write("src/new.ts", "export const one = 1;\n"),
              bash("cat notes.txt; curl -sS http://example.invalid/ || true"),
              say("The file is there."),
            ],
          },
          {
            firstMessageIncludes: "Write another one",
            turns: [write("src/second.ts", "export const two = 2;\n"), bash("sleep 600")],
          },
          { firstMessageIncludes: "What is there?", turns: [bash("ls src"), say("Both are there.")] },
        ],
      },
      { engine: false },
    );
    const { directory } = stage;
    writeFileSync(join(directory, "notes.txt"), "a note\n");
    const decide: Decide = (request) => (isAbout("apply")(request) ? "apply" : "later");
    let sessionId = "";
    {
      await using editor = openEditor(stage, [], decide);
      expect(await editor.initialize()).toMatchObject({ agentCapabilities: { loadSession: true } });
      const mcpServers = [{ name: "files", command: "files-server", args: [], env: [] }];
      ({ sessionId } = await editor.agent.request(methods.agent.session.new, { cwd: directory, mcpServers }));
      expect(await editor.prompt(sessionId, `Look at ${directory}/notes.txt`)).toEqual({ stopReason: "end_turn" });
      expect(editor.said()).toContain("MCP servers of the editor are not available in the sandbox: files.");
      expect(editor.said()).toContain("The file is there.");
      const path = join(directory, "src/new.ts");
      expect(editor.updates).toContainEqual(
        expect.objectContaining({
          ...{ sessionUpdate: "tool_call", title: "Write src/new.ts", kind: "edit", locations: [{ path }] },
          content: [{ type: "diff", path, newText: "export const one = 1;\n" }],
        }),
      );
      expect(editor.updates).toContainEqual(
        expect.objectContaining({
          ...{ sessionUpdate: "tool_call_update", status: "completed" },
          content: [{ type: "content", content: { type: "text", text: expect.stringContaining("a note") } }],
        }),
      );
      const [question] = editor.questions.filter(isAbout("apply"));
      expect(question?.toolCall).toMatchObject({
        title: "Write 1 file",
        content: [{ type: "diff", path, newText: "export const one = 1;\n" }],
      });
      expect(readFileSync(path, "utf8")).toBe("export const one = 1;\n");
      expect(editor.questions.filter(isAbout("allow")).map(({ toolCall }) => toolCall.title)).toEqual([
        "The sandbox was refused example.invalid. Allow it from the next prompt on?",
      ]);
      const costs = editor.updates.filter(({ sessionUpdate }) => sessionUpdate === "usage_update");
      expect(costs.at(-1)).toMatchObject({ cost: { amount: expect.any(Number), currency: "USD" } });
      expect(readdirSync(directory).sort()).toEqual(["notes.txt", "src"]);
      const isAtWork = editor.untilTool("sleep");
      const cut = editor.prompt(sessionId, "Write another one").catch(() => "cut");
      await isAtWork;
      await editor.kill();
      expect(await cut).toBe("cut");
      expect(sandboxes()).toHaveLength(1);
    }
    await using editor = openEditor(stage, [], decide);
    await editor.initialize();
    const { sessions } = await editor.agent.request(methods.agent.session.list, { cwd: directory });
    expect(sessions).toMatchObject([{ sessionId, cwd: directory, title: "Look at /workspace/notes.txt" }]);
    await editor.agent.request(methods.agent.session.load, { sessionId, cwd: directory, mcpServers: [] });
    expect(sandboxes()).toEqual([]);
    expect(editor.said("user_message_chunk")).toBe("Look at /workspace/notes.txtWrite another one");
    expect(editor.said()).toContain("The file is there.");
    expect(editor.questions).toEqual([]);
    expect(await editor.prompt(sessionId, "What is there?")).toEqual({ stopReason: "end_turn" });
    expect(editor.updates).toContainEqual(
      expect.objectContaining({
        content: [{ type: "content", content: { type: "text", text: "new.ts\nsecond.ts\n" } }],
      }),
    );
    expect(editor.said()).toContain("Both are there.");
    expect(stage.file("src/second.ts")).toBe("export const two = 2;\n");
    expect(await editor.close()).toBe(0);
    expect(editor.stderr).not.toContain("Unexpected");
    expect(sandboxes()).toEqual([]);
  });

  it("writes live what is harmless, asks for what is not, and writes the rest when an editor is gone that wanted so", async () => {
    const hostile = [
      "mkdir -p src .git/hooks .vscode; echo good > src/good.txt; echo mine > notes.txt",
      "echo '#!/bin/sh' > .git/hooks/pre-commit; chmod +x .git/hooks/pre-commit",
      'echo "{}" > .vscode/tasks.json',
      "for i in $(seq 30); do mkdir -p many/$i/.vscode; echo '{}' > many/$i/.vscode/tasks.json; done",
      "seq 20000 > src/large.txt; echo run > src/program; chmod +x src/program",
      "ln -s /etc/passwd link; ln -s ../../outside up; ln -s .. src/parent",
    ];
    await using stage = await setStage(
      {
        turns: [],
        conversations: [
          { firstMessageIncludes: "Attack", turns: [bash(hostile.join("; ")), say("Done.")] },
          { firstMessageIncludes: "Later", turns: [bash("echo late > late.txt"), say("Done.")] },
        ],
      },
      { engine: false },
    );
    const { directory } = stage;
    execFileSync("git", ["init", "-q", directory]);
    writeFileSync(join(directory, "notes.txt"), "before\n");
    {
      await using editor = openEditor(stage, ["--sync", "live"], () => "later");
      await editor.initialize();
      const { sessionId } = await editor.agent.request(methods.agent.session.new, { cwd: directory, mcpServers: [] });
      // What the user changes while the agent works stays.
      const changed = editor.untilTool("mkdir").then(() => writeFileSync(join(directory, "notes.txt"), "the user's\n"));
      expect(await editor.prompt(sessionId, "Attack")).toEqual({ stopReason: "end_turn" });
      await changed;
      const [question, ...more] = editor.questions;
      expect(more).toEqual([]);
      const shown = JSON.stringify(question?.toolCall);
      for (const directory of ["", ...Array.from({ length: 30 }, (_, index) => `many/${index + 1}/`)])
        expect(shown).toContain(
          `This can make your machine execute something; look at it first: ${directory}.vscode/tasks.json`,
        );
      expect(shown).toMatch(/Not shown: many\/\d+\/\.vscode\/tasks\.json \(after the first 20 files\)/);
      const written = JSON.stringify(editor.updates);
      for (const remark of [
        ...["Left as you have it: notes.txt", "Not shown: src/program (mode 0755)"],
        ...["Not shown: src/large.txt (too large)", "Not shown: src/parent (link to ..)"],
      ])
        expect(written).toContain(remark);
      expect(readdirSync(directory).sort()).toEqual([".git", "notes.txt", "src"]);
      // A link that stays in the directory may come.
      expect(readdirSync(join(directory, "src")).sort()).toEqual(["good.txt", "large.txt", "parent", "program"]);
      expect(stage.file("notes.txt")).toBe("the user's\n");
      await editor.agent.request(methods.agent.session.close, { sessionId });
      expect(await editor.close(), editor.stderr).toBe(0);
    }
    rmSync(join(stage.home, "runs"), { recursive: true });
    await using editor = openEditor(stage, ["--sync", "end"], () => "later");
    await editor.initialize();
    const { sessionId } = await editor.agent.request(methods.agent.session.new, { cwd: directory, mcpServers: [] });
    expect(await editor.prompt(sessionId, "Later")).toEqual({ stopReason: "end_turn" });
    expect(existsSync(join(directory, "late.txt"))).toBe(false);
    expect(await editor.close(), editor.stderr).toBe(0);
    expect(stage.file("late.txt")).toBe("late\n");
    expect(sandboxes()).toEqual([]);
    // What the user took back does not come again with a session that is only looked at.
    rmSync(join(directory, "late.txt"));
    await using again = openEditor(stage, ["--sync", "end"], () => "later");
    await again.initialize();
    await again.agent.request(methods.agent.session.load, { sessionId, cwd: directory, mcpServers: [] });
    expect(await again.close(), again.stderr).toBe(0);
    expect(existsSync(join(directory, "late.txt"))).toBe(false);
  });

  it.each(["SIGTERM", "its input"])("ends by %s while its editor reads nothing", async (end) => {
    await using stage = await setStage({ turns: [say("x".repeat(4 * 1024 * 1024))] }, { engine: false });
    await using editor = openEditor(stage, [], () => "later");
    await editor.initialize();
    const { sessionId } = await editor.agent.request(methods.agent.session.new, {
      cwd: stage.directory,
      mcpServers: [],
    });
    editor.readNothing();
    void editor.prompt(sessionId, "Say much").catch(() => {});
    await expect.poll(() => stage.events().at(-1)?.type).toBe("run.end");
    expect(await (end === "SIGTERM" ? editor.terminate() : editor.close()), editor.stderr).toBe(0);
    expect(sandboxes()).toEqual([]);
  });

  it("cancels a prompt, leaves what was declined, and reports errors in one line", async () => {
    const turns = [write("half.txt", "half"), bash("sleep 600"), bash("sleep 600")];
    await using stage = await setStage({ turns }, { engine: false });
    const { directory } = stage;
    await using editor = openEditor(stage, ["--sync", "ask"], () => "later");
    await editor.initialize();
    const { agent: glovebox } = editor;
    const fresh = (cwd: string) => glovebox.request(methods.agent.session.new, { cwd, mcpServers: [] });
    await expect(fresh(join(directory, "missing"))).rejects.toThrow(
      /^The directory of the session is not a directory: /,
    );
    const { sessionId } = await fresh(directory);
    const image = { type: "image" as const, data: "AAAA", mimeType: "image/png" };
    await expect(glovebox.request(methods.agent.session.prompt, { sessionId, prompt: [image] })).rejects.toThrow(
      "The prompt has an image, and the agent gets text alone. Put the file into the directory and name it in the prompt.",
    );
    await expect(
      glovebox.request(methods.agent.session.load, { sessionId: "nobody", cwd: directory, mcpServers: [] }),
    ).rejects.toThrow("There is no session nobody of the directory");
    editor.onUpdate = (update) => {
      if (update.sessionUpdate === "tool_call" && update.title.includes("sleep"))
        void glovebox.notify(methods.agent.session.cancel, { sessionId });
    };
    expect(await editor.prompt(sessionId, "Work")).toEqual({ stopReason: "cancelled" });
    expect(readdirSync(directory)).toEqual([]);
    const early = editor.prompt(sessionId, "Work on");
    void glovebox.notify(methods.agent.session.cancel, { sessionId });
    expect(await early).toEqual({ stopReason: "cancelled" });
    // The session that is being closed still brings its files back when the editor closes everything.
    const isAtWork = editor.untilTool("sleep");
    void editor.prompt(sessionId, "Work on").catch(() => {});
    await isAtWork;
    void glovebox.request(methods.agent.session.close, { sessionId }).catch(() => {});
    expect(await editor.close()).toBe(0);
    expect(sandboxes()).toEqual([]);
  });
});
