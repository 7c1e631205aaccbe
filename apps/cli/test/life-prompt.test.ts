import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createScriptedModel, type ModelRequest } from "@glovebox/scripted-model";
import { describe, expect, it } from "vitest";
import { type Stage, setStage } from "./support/stage.ts";
import { bash, say } from "./support/turns.ts";

/** A stage whose model keeps what the user said first. */
async function listeningStage(): Promise<{ readonly stage: Stage; readonly heard: string[] }> {
  const heard: string[] = [];
  const turn = ({ messages }: ModelRequest) => {
    heard.push(JSON.stringify(messages.filter(({ role }) => role === "user")));
    return { text: "Heard." };
  };
  return { stage: await setStage({ turns: [turn] }), heard };
}

function put(stage: Stage, path: string, content: string): void {
  const file = join(stage.directory, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, content);
}

const hooks = (command: string) => ({ UserPromptSubmit: [{ hooks: [{ type: "command", command }] }] });

describe("a prompt that begins like a command of Claude Code", () => {
  const prompt = "/login page is broken: fix it";

  it.each([
    ["as an argument", [prompt], undefined],
    ["in --prompt", ["--prompt", prompt], undefined],
    ["in a file", ["--prompt-file", "prompt.txt"], undefined],
    ["on standard input", [], prompt],
  ] as const)("reaches the model as it is: %s", async (_how, args, stdin) => {
    const { stage, heard } = await listeningStage();
    await using _ = stage;
    put(stage, "prompt.txt", prompt);
    const options = stdin === undefined ? {} : { stdin };
    const done = await stage.glovebox(["run", ...args, "--output", "out", "--json"], options).done;
    expect(done.code, done.stderr).toBe(0);
    expect(heard.join()).toContain(prompt);
    expect(stage.result()).toMatchObject({ outcome: "succeeded", turns: 1, message: "Heard." });
  });

  it("is the workspace's own command where there is one of its name", async () => {
    const { stage, heard } = await listeningStage();
    await using _ = stage;
    put(stage, "project/.claude/commands/login.md", "Look at $ARGUMENTS twice.");
    const args = ["run", "/login page", "--workspace", "project", "--output", "out", "--json"];
    const done = await stage.glovebox(args).done;
    expect(done.code, done.stderr).toBe(0);
    expect(heard.join()).toContain("Look at page twice.");
  });
});

describe("a success of which no model knows", () => {
  it.each([
    ["a hook refuses the prompt", ".claude/settings.json", JSON.stringify({ hooks: hooks("exit 2") }), "Do it"],
    ["a command fails before it asks", ".claude/commands/look.md", "Look: !`exit 3`", "/look"],
  ])("is a failure: %s", async (_why, path, content, prompt) => {
    await using stage = await setStage({ turns: [say("Never.")] });
    put(stage, `project/${path}`, content);
    const done = await stage.glovebox(["run", prompt, "--workspace", "project", "--output", "out", "--json"]).done;
    expect(done.code).toBe(1);
    expect(stage.result()).toMatchObject({ outcome: "failed", reason: expect.stringContaining("No model was asked") });
    expect(stage.result().hint).toContain("hook");
    expect(stage.model.requests.filter(({ kind }) => kind === "turn")).toEqual([]);
  });
});

it("settings that would move the model are named, and the model is the run's own", async () => {
  await using stage = await setStage({ turns: [say("Done.")] });
  const other = createScriptedModel({ script: { turns: [say("From elsewhere.")] } });
  const { url, close } = await other.listen();
  try {
    const env = { ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: "t0ken-of-another", CLAUDE_CODE_USE_BEDROCK: "1" };
    put(stage, "project/.claude/settings.local.json", JSON.stringify({ env, apiKeyHelper: "echo another" }));
    const inside = ["--env", "CLAUDE_CODE_USE_VERTEX=1", "--env", "CLAUDE_CODE_HTTPS_PROXY=http://127.0.0.1:9"];
    const done = await stage.glovebox([
      "run",
      "Do it",
      "--workspace",
      "project",
      ...inside,
      "--output",
      "out",
      "--json",
    ]).done;
    expect(done.code, done.stderr).toBe(0);
    expect(stage.result()).toMatchObject({ message: "Done." });
    expect(other.requests).toEqual([]);
    const warnings = stage.events().flatMap((event) => (event.type === "warning" ? [event.message] : []));
    expect(warnings).toContainEqual(
      expect.stringMatching(
        /^\.claude\/settings\.local\.json sets ANTHROPIC_AUTH_TOKEN, ANTHROPIC_BASE_URL, CLAUDE_CODE_USE_BEDROCK, apiKeyHelper:/,
      ),
    );
    expect(warnings).toContainEqual(
      expect.stringMatching(/environment sets CLAUDE_CODE_HTTPS_PROXY, CLAUDE_CODE_USE_VERTEX:/),
    );
    expect(JSON.stringify(stage.events())).not.toContain("t0ken-of-another");
  } finally {
    await close();
  }
});

describe("who is blamed where the model fails", () => {
  const warningsOf = (stage: Stage) =>
    stage.events().flatMap((event) => (event.type === "warning" ? [`${event.code}: ${event.message}`] : []));

  it("is nobody when the run was cancelled while the model spoke", async () => {
    await using stage = await setStage({
      turns: [{ text: "Once upon a time there was", chunkDelayMs: 200, fault: { kind: "hang", afterChunks: 6 } }],
    });
    const done = await stage.glovebox(["run", "Tell", "--output", "out", "--json"], {
      onEvent: (event, { process }) => {
        if (event.type === "text.delta") process.kill("SIGINT");
      },
    }).done;
    expect(done.code).toBe(130);
    expect(warningsOf(stage).join("\n")).not.toMatch(/model-|could not be reached/);
  });

  it("is the model where it cuts its answers, and is not said to be out of reach", async () => {
    const cut = { kind: "cut", afterChunks: 3, times: 1 } as const;
    await using stage = await setStage({ turns: [{ text: "An answer that is cut, and then is not.", fault: cut }] });
    const done = await stage.glovebox(["run", "Tell", "--output", "out", "--json"]).done;
    expect(done.code, done.stderr).toBe(0);
    expect(warningsOf(stage).join("\n")).not.toContain("could not be reached");
    expect(warningsOf(stage)).toContainEqual(expect.stringContaining("model-failed: A request to the model failed"));
  });

  it("is this machine's way to the model where nobody listens there, without an address of the inside", async () => {
    await using stage = await setStage({ turns: [] });
    const args = ["run", "Tell", "--output", "out", "--json", "--env", "CLAUDE_CODE_MAX_RETRIES=1"];
    const done = await stage.glovebox(args, { env: { ANTHROPIC_BASE_URL: "http://127.0.0.1:9" } }).done;
    expect(done.code).toBe(1);
    expect(warningsOf(stage)).toContainEqual(expect.stringContaining("model-unreachable"));
    expect(done.stdout + done.stderr).not.toContain("47821");
  });
});

describe("a disk that was full", () => {
  const diskWarnings = (stage: Stage) =>
    stage.events().flatMap((event) => (event.type === "warning" && event.code === "disk-full" ? [event.message] : []));
  const fill = "head -c 40000000 /dev/zero > /tmp/big";

  it("is a warning with what makes room, also where the agent says that all is done", async () => {
    await using stage = await setStage({ turns: [bash(fill), say("Done.")] });
    const done = await stage.glovebox(["run", "Fill", "--tmp-size", "16m", "--output", "out", "--json"]).done;
    expect(done.code, done.stderr).toBe(0);
    expect(diskWarnings(stage)).toEqual([expect.stringMatching(/^The disk that holds \/tmp is full: /)]);
    expect(stage.events()).toContainEqual(expect.objectContaining({ code: "disk-full", remedy: { raise: "tmpMiB" } }));
  });

  it("is a warning when there is room again at the end, and none was refused nothing", async () => {
    await using stage = await setStage({ turns: [bash(fill), bash("rm /tmp/big"), say("Done.")] });
    const done = await stage.glovebox(["run", "Fill", "--tmp-size", "16m", "--output", "out", "--json"]).done;
    expect(done.code, done.stderr).toBe(0);
    expect(diskWarnings(stage)).toEqual([expect.stringContaining("at the end there is room")]);
    await stage.glovebox(["run", "Fill", "--output", "out", "--json"]).done;
    expect(diskWarnings(stage)).toEqual([]);
  });
});

it("an answer of 50 MB leaves a success a success, with the mark of what was cut", async () => {
  const text = `${"All of it. ".repeat(5_000_000)}the end`;
  await using stage = await setStage({ turns: [{ text }] });
  const done = await stage.glovebox(["run", "Say all", "--output", "out", "--quiet"]).done;
  expect(done.code, done.stderr.slice(-2000)).toBe(0);
  const { outcome, message = "" } = stage.result();
  expect(outcome).toBe("succeeded");
  expect(message.startsWith("All of it. All of it.")).toBe(true);
  expect(message.endsWith("... [cut]")).toBe(true);
  expect(message.length).toBeLessThan(1_100_000);
});
