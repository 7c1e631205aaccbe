import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import type { HarnessEvent } from "@glovebox/core/harness";
import { harnessEventSchema } from "@glovebox/core/harness";
import { Secret } from "@glovebox/core/provider";
import { createGateway } from "@glovebox/egress-gateway";
import {
  createScriptedModel,
  demoScript,
  type Script,
  type ScriptStep,
  type ScriptTurn,
} from "@glovebox/scripted-model";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { createClaudeCode } from "../src/index.ts";
import { removeDirectories, runClaude } from "./support/claude-process.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(removeDirectories);

async function model(turns: readonly ScriptStep[], rest: Partial<Script> = {}, expectKey?: string) {
  const server = createScriptedModel({ script: { turns, ...rest }, ...(expectKey ? { expectKey } : {}) });
  const { url, close } = await server.listen();
  cleanups.push(close);
  return { url, requests: server.requests };
}

/** A model that keeps the texts of the first request. */
async function listener() {
  const seen: string[] = [];
  const { url } = await model([
    ({ messages }) => {
      const contents = messages.filter(({ role }) => role === "user").map(({ content }) => content);
      for (const block of contents.flat() as (string | { readonly text?: string })[]) {
        seen.push(typeof block === "string" ? block : (block.text ?? ""));
      }
      return { text: "Read." };
    },
  ]);
  return { seen, url };
}

type Named<T> = HarnessEvent extends infer E
  ? E extends { type: infer U }
    ? T extends U
      ? E
      : never
    : never
  : never;

function ofType<T extends HarnessEvent["type"]>(events: readonly HarnessEvent[], type: T): Named<T>[] {
  return events.filter((event) => event.type === type) as Named<T>[];
}

const bash = (command: string) => ({ name: "Bash", input: { command, description: "a step" } });

describe("the real binary", () => {
  it("thinks, speaks, uses several tools at once, and ends well", async () => {
    const { url } = await model([
      {
        thinking: "A file is wanted.",
        text: "Here it comes.",
        tools: [
          { name: "Write", input: { file_path: "hello.txt", content: "hällo\n" } },
          bash("echo one"),
          bash("exit 3"),
        ],
      },
      { text: "Done." },
    ]);
    const { events, outcome, directory } = await runClaude({ baseUrl: url });
    expect(outcome).toEqual({ ok: true, reason: "done", message: "Done." });
    expect(readFileSync(join(directory, "hello.txt"), "utf8")).toBe("hällo\n");
    for (const event of events) harnessEventSchema.parse(event);
    expect(ofType(events, "harness.session")[0]).toMatchObject({ version: "2.1.328", mcpServers: [] });
    expect(ofType(events, "harness.session")[0]?.tools).toContain("Write");
    const thought = ofType(events, "reasoning.delta").map((event) => event.text);
    expect(thought.join("")).toBe("A file is wanted.");
    expect(ofType(events, "tool.start").map((event) => event.name)).toEqual(["Write", "Bash", "Bash"]);
    const ends = new Map(ofType(events, "tool.end").map((event) => [event.callId, event]));
    const statuses = ofType(events, "tool.start").map((event) => ends.get(event.callId)?.status);
    expect(statuses).toEqual(["ok", "ok", "error"]);
    expect(ofType(events, "harness.result")).toHaveLength(1);
  });

  it("asks before it acts although the project's settings allow it", async () => {
    const { url } = await model([
      { tools: [{ name: "Write", input: { file_path: "one.txt", content: "1" } }, bash("ls > two.txt")] },
      { tools: [{ name: "Edit", input: { file_path: "notes.txt", old_string: "a", new_string: "b" } }] },
      { text: "Done." },
    ]);
    const allow = { hookEventName: "PreToolUse", permissionDecision: "allow" };
    const request = { hookEventName: "PermissionRequest", decision: { behavior: "allow" } };
    const hook = (matcher: string, output: object) => [
      { matcher, hooks: [{ type: "command", command: `echo '${JSON.stringify({ hookSpecificOutput: output })}'` }] },
    ];
    const settings = {
      permissions: { allow: ["Bash", "Edit", "Write"], defaultMode: "acceptEdits" },
      hooks: { PreToolUse: hook("Bash", allow), PermissionRequest: hook("Edit", request) },
    };
    const questions: string[] = [];
    const { directory } = await runClaude({
      ...{ baseUrl: url, task: { asksPermission: true } },
      files: { ".claude/settings.json": JSON.stringify(settings), "notes.txt": "a" },
      permit: async ({ name }) => {
        questions.push(name);
        return false;
      },
    });
    const written = ["one.txt", "two.txt"].filter((name) => existsSync(join(directory, name)));
    expect([questions, written, readFileSync(join(directory, "notes.txt"), "utf8")]).toEqual([
      ["Write", "Bash", "Edit"],
      [],
      "a",
    ]);
  });

  it("gives an answer that matches its schema, and fails where it cannot", async () => {
    const jsonSchema = { type: "object", properties: { name: { type: "string" } }, required: ["name"] };
    const answer = (name: unknown) => ({ tools: [{ name: "StructuredOutput", input: { name } }] });
    const good = await model([answer(1), answer("a")]);
    const { result } = await runClaude({ baseUrl: good.url, task: { jsonSchema } });
    expect(result).toMatchObject({ ok: true, structuredOutput: { name: "a" } });
    const bad = await model(Array(6).fill(answer(1)));
    const { outcome } = await runClaude({ baseUrl: bad.url, task: { jsonSchema } });
    expect(outcome).toMatchObject({ ok: false, reason: "error", message: expect.stringContaining("must be string") });
  });

  it("builds the demo", async () => {
    const { url } = await model([], demoScript as Partial<Script>);
    const { outcome, directory, events } = await runClaude({ baseUrl: url });
    expect(outcome.ok).toBe(true);
    expect(ofType(events, "tool.end").map((event) => event.status)).toEqual(Array(6).fill("ok"));
    for (const name of ["index.html", "style.css", "app.js", "README.md"]) {
      expect(existsSync(join(directory, name))).toBe(true);
    }
    expect(readFileSync(join(directory, "icon.png")).subarray(1, 4).toString()).toBe("PNG");
  });

  it.each([
    "-p --output-format text",
    "--help",
    "two\nlines",
    "/login page is broken: fix it",
    "/clear all caches in redis",
    "/compact",
    "/cost of it",
    "/init script fails",
    "/ultrareview this",
    "/nobody knows this one",
    "/etc/passwd is readable",
    "/",
    " /logout button is missing",
    "\u00a0/help",
    "\uff0flogin page",
    "!echo shell > made",
    "# a heading, to be remembered",
    "& in the cloud",
  ])("sends the prompt %j to the model as it is", async (prompt) => {
    const { seen, url } = await listener();
    const { outcome, directory, result } = await runClaude({ baseUrl: url, task: { prompt } });
    expect(outcome).toMatchObject({ ok: true, message: "Read." });
    expect(result?.turns).toBe(1);
    expect(seen.map((text) => text.trimStart())).toContain(prompt.trimStart());
    expect(seen.join()).not.toContain("<command-name>");
    expect(existsSync(join(directory, "made"))).toBe(false);
  });

  it.each([
    ["/fix login", ".claude/commands/fix.md", "Fix $ARGUMENTS now."],
    ["/login login", ".claude/commands/login.md", "Fix $ARGUMENTS now."],
    ["/git:fix login", ".claude/commands/git/fix.md", "Fix $ARGUMENTS now."],
    ["/mend login", ".claude/skills/mend/SKILL.md", "---\nname: mend\ndescription: mends\n---\nFix $ARGUMENTS now."],
    [
      "/compact login",
      ".claude/skills/compact/SKILL.md",
      "---\nname: compact\ndescription: d\n---\nFix $ARGUMENTS now.",
    ],
  ])("runs the command of the prompt %j where the workspace has %s", async (prompt, path, content) => {
    const { seen, url } = await listener();
    const { outcome } = await runClaude({ baseUrl: url, task: { prompt }, files: { [path]: content } });
    expect(outcome.ok).toBe(true);
    expect(seen.join()).toContain("Fix login now.");
  });

  it("names the model's API, and no address inside, where the API fails", async () => {
    const { url } = await model([{ fault: { kind: "status", status: 502, message: "bad", shouldRetry: false } }]);
    const { outcome, events } = await runClaude({ baseUrl: url });
    expect(outcome).toMatchObject({ ok: false, message: expect.stringContaining("check the model's API") });
    expect(JSON.stringify(events)).not.toContain("127.0.0.1");
  });

  it("takes the model, the system prompt, the tools and what is passed on", async () => {
    const { url } = await model([{ text: "Yes." }]);
    const task = {
      model: "claude-sonnet-4-5",
      appendSystemPrompt: "-be brief",
      allowedTools: ["Bash(git *)", "Edit"],
      extraArgs: ["--disallowedTools", "WebSearch"],
    };
    const { events, outcome } = await runClaude({ baseUrl: url, task });
    expect(outcome.ok).toBe(true);
    const [session] = ofType(events, "harness.session");
    expect(session?.model).toBe("claude-sonnet-4-5");
    expect(session?.tools).not.toContain("WebSearch");
  });

  it("says what a wrong argument was", async () => {
    const { url } = await model([]);
    const { outcome } = await runClaude({ baseUrl: url, task: { extraArgs: ["--no-such-flag"] } });
    expect(outcome).toMatchObject({ ok: false, reason: "no-result" });
    expect(outcome.message).toContain("--no-such-flag");
  });

  it.each([
    [400, undefined],
    [403, undefined],
    [429, false],
    [529, false],
    [500, false],
  ])("fails on %i although its result is called a success", async (status, shouldRetry) => {
    const fault = {
      kind: "status",
      status,
      message: "scripted trouble",
      ...(shouldRetry === false ? { shouldRetry } : {}),
    };
    const { url } = await model([{ fault: fault as NonNullable<ScriptTurn["fault"]> }]);
    const { outcome, result } = await runClaude({ baseUrl: url });
    expect(result).toMatchObject({ ok: false, reason: "api-error", apiStatus: status });
    expect(outcome).toMatchObject({ ok: false, reason: "api-error" });
  });

  it("tries again where the API is overloaded or its stream is cut, and says so", async () => {
    const { url, requests } = await model([
      { text: "First.", tools: [bash("true")], fault: { kind: "status", status: 529, times: 1 } },
      { text: "Then a text that is long enough to be cut.", fault: { kind: "cut", afterChunks: 4, times: 1 } },
    ]);
    const { events, outcome } = await runClaude({ baseUrl: url });
    expect(outcome).toMatchObject({ ok: true, message: "Then a text that is long enough to be cut." });
    const retries = ofType(events, "harness.retry");
    expect(retries).toHaveLength(2);
    expect(retries[0]).toMatchObject({ attempt: 1, apiStatus: 529 });
    expect(requests.filter(({ kind }) => kind === "turn").map(({ turn }) => turn)).toEqual([0, 0, 1, 1]);
  });

  it("stops at the number of turns and at the budget", async () => {
    const turns = [1, 2, 3, 4].map((n) => ({ text: `Step ${n}.`, tools: [bash(`echo ${n}`)] }));
    const { url } = await model(turns);
    const limited = await runClaude({ baseUrl: url, task: { maxTurns: 2 } });
    expect(limited.outcome).toMatchObject({ ok: false, reason: "max-turns" });
    const poor = await runClaude({ baseUrl: url, task: { maxBudgetUsd: 0.000001 } });
    expect(poor.outcome).toMatchObject({ ok: false, reason: "max-budget" });
  });

  it.each([
    ["while a tool runs", [{ text: "Waiting.", tools: [bash("tail -f /dev/null")] }], "tool.start"],
    ["while the model speaks", [{ text: "Once upon a time", fault: { kind: "hang", afterChunks: 4 } }], "text.delta"],
  ] as const)("ends soon and without success when it is interrupted %s", async (_when, turns, at) => {
    const { url } = await model(turns as readonly ScriptTurn[]);
    let interrupted: Promise<void> | undefined;
    const { events, outcome } = await runClaude({
      baseUrl: url,
      onEvent: (event, interrupt) => {
        if (event.type === at) interrupted ??= interrupt();
      },
    });
    await interrupted;
    // Most often it prints its result; where the signal meets it between two steps it ends without one.
    expect(outcome.ok).toBe(false);
    expect(["aborted", "no-result"]).toContain(outcome.reason);
    for (const end of ofType(events, "tool.end")) expect(end.status).toBe("interrupted");
  });

  it("gives the verdict after a background command has brought a further turn", async () => {
    const { url } = await model([
      { tools: [{ name: "Bash", input: { command: "sleep 2", description: "wait", run_in_background: true } }] },
      { text: "I wait." },
      { text: "It has ended." },
    ]);
    const { events, outcome } = await runClaude({ baseUrl: url });
    expect(outcome).toMatchObject({ ok: true, message: "It has ended." });
    expect(ofType(events, "harness.result")).toHaveLength(1);
  });

  it("tells a sub-agent's work from its own, and counts every token once", async () => {
    const prompt = "SUBAGENT: look around";
    const input = { description: "look", prompt, subagent_type: "general-purpose", run_in_background: false };
    const { url } = await model([{ tools: [{ name: "Task", input }] }, { text: "It said hello." }], {
      conversations: [{ firstMessageIncludes: prompt, turns: [{ tools: [bash("echo below")] }, { text: "hello" }] }],
    });
    const { events, outcome } = await runClaude({ baseUrl: url });
    expect(outcome.ok).toBe(true);
    const [task, inner] = ofType(events, "tool.start");
    expect(task).toMatchObject({ name: "Task" });
    expect(inner).toMatchObject({ name: "Bash", parentCallId: task?.callId });
    expect(ofType(events, "tool.end").every((end) => end.status === "ok")).toBe(true);
    const usage = ofType(events, "usage");
    expect(usage.filter((one) => one.messageId !== undefined)).toHaveLength(2);
    expect(usage.filter((one) => one.messageId === undefined)).toHaveLength(1);
  });
});

describe("behind the gateway", () => {
  it.each(createClaudeCode().credentials)(
    "$variable: the key is added outside, a placeholder is inside",
    async (spec) => {
      const key = `the-real-${spec.kind}-0123456789`;
      const { url, requests } = await model([{ text: "Hi.", tools: [bash("env")] }, { text: "Done." }], {}, key);
      const [endpoint] = createClaudeCode().endpoints;
      if (endpoint === undefined) throw new Error("there is no endpoint");
      const gateway = createGateway({
        policy: {
          mode: "sealed",
          models: [
            {
              id: endpoint.id,
              upstream: url,
              paths: endpoint.paths,
              credential: {
                header: spec.header,
                ...(spec.scheme === undefined ? {} : { scheme: spec.scheme }),
                secret: new Secret(spec.variable, key),
              },
            },
          ],
        },
      });
      const server = createServer((socket) => gateway.handle(socket));
      await once(server.listen(0, "127.0.0.1"), "listening");
      cleanups.push(
        () => server.close(),
        () => gateway.close(),
      );
      const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const baseUrl = gateway.modelUrls(origin)[endpoint.id] ?? "";
      const { events, outcome, env } = await runClaude({ baseUrl, variable: spec.variable });
      expect(outcome).toMatchObject({ ok: true, message: "Done." });
      expect(JSON.stringify([events, env])).not.toContain(key);
      expect(JSON.stringify(env)).toContain(spec.placeholder);
      expect(requests.length).toBeGreaterThan(1);
      for (const { headers } of requests) {
        expect(headers[spec.header]).toBe(spec.scheme === undefined ? key : `${spec.scheme} ${key}`);
        expect(JSON.stringify(headers)).not.toContain("placeholder");
      }
      if (spec.kind === "oauth-token") expect(requests[0]?.headers["anthropic-beta"]).toContain("oauth-");
    },
  );

  it("a refusal of the gateway ends the run at once and is reported", async () => {
    const gateway = createGateway({ policy: { mode: "none", models: [] } });
    const server = createServer((socket) => gateway.handle(socket));
    await once(server.listen(0, "127.0.0.1"), "listening");
    cleanups.push(
      () => server.close(),
      () => gateway.close(),
    );
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model/anthropic`;
    const { outcome, events } = await runClaude({ baseUrl });
    expect(outcome).toMatchObject({ ok: false, reason: "api-error" });
    expect(outcome.message).toContain("Glovebox refused the request: there is no route of this name");
    expect(ofType(events, "harness.retry")).toEqual([]);
  });
});
