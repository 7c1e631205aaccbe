import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunEvent, type RunResult, type RunSpec, run } from "@glovebox/core";
import { Secret } from "@glovebox/core/provider";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { createDockerProvider } from "@glovebox/provider-docker";
import { createScriptedModel } from "@glovebox/scripted-model";
import { describe, expect, it } from "vitest";
import { type Stage, setStage } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";
import { wayToEngine } from "./support/way-to-engine.ts";

type Usage = Extract<RunEvent, { type: "usage" }>;

function usageOf(events: readonly RunEvent[], source: Usage["source"]): Usage[] {
  return events.filter((event): event is Usage & RunEvent => event.type === "usage" && event.source === source);
}

/** The result says what the gateway's events add up to. */
function expectSums({ costUsd, tokens }: RunResult, usage: readonly Usage[]): void {
  expect(costUsd).toBeCloseTo(sum(usage.map(({ costUsd = Number.NaN }) => costUsd)), 9);
  expect(tokens).toEqual({
    input: sum(usage.map(({ input }) => input)),
    output: sum(usage.map(({ output }) => output)),
    cacheRead: sum(usage.map(({ cacheRead }) => cacheRead)),
    cacheWrite: sum(usage.map(({ cacheWrite }) => cacheWrite)),
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** What a scripted model's words cost here: a dollar a million in, a thousand dollars a million out. */
const price = { inputUsd: 1, outputUsd: 1000, cacheReadUsd: 0.1, cacheWriteUsd: 1.25 };
const prices = { asOf: "2026-11-20", models: [{ modelPrefix: "claude-scripted", ...price }] };

function configurePrices(stage: Stage): void {
  mkdirSync(stage.home, { recursive: true });
  writeFileSync(join(stage.home, "config.json"), JSON.stringify({ prices, model: "claude-scripted-1" }));
}

describe("what a run costs", () => {
  it("is what the gateway read, by the price list", async () => {
    await using stage = await setStage({
      turns: [
        { ...write("a.txt", "a"), inputTokens: 1000, outputTokens: 2000, cacheReadTokens: 50_000, cacheWriteTokens: 4 },
        say("All done."),
      ],
    });
    configurePrices(stage);
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--json"]).done;
    expect(done.code, done.stderr).toBe(0);
    const usage = usageOf(stage.events(), "gateway");
    expect(usage).toContainEqual(
      expect.objectContaining({
        model: "claude-scripted-1",
        input: 1000,
        output: 2000,
        cacheRead: 50_000,
        cacheWrite: 4,
        costUsd: expect.closeTo(0.001 + 2 + 0.005 + 0.000005, 9),
      }),
    );
    expect(usageOf(stage.events(), "harness")).not.toEqual([]);
    expectSums(stage.result(), usage);
  });

  it("is not known where a model has no price, and the run says which", async () => {
    await using stage = await setStage({ turns: [say("Done.")] });
    const done = await stage.glovebox(["run", "Try", "--model", "claude-unheard-of-1", "--json"]).done;
    expect(done.code, done.stderr).toBe(0);
    expect(stage.result().costUsd).toBeUndefined();
    expect(stage.result().tokens?.output).toBeGreaterThan(0);
    const warnings = stage.events().filter((event) => event.type === "warning" && event.code === "no-price");
    expect(warnings).toEqual([expect.objectContaining({ message: expect.stringContaining("claude-unheard-of-1") })]);
  });
});

describe("--max-cost", () => {
  it("ends the run when it is spent, and brings back what was made", async () => {
    await using stage = await setStage({
      turns: [
        { ...write("first.txt", "first"), outputTokens: 200 },
        { ...write("second.txt", "second"), outputTokens: 900 },
        { ...write("third.txt", "third"), outputTokens: 200 },
        say("Never said."),
      ],
    });
    configurePrices(stage);
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--max-cost", "1", "--json"]).done;
    expect(done.code, done.stderr).toBe(6);
    const result = stage.result();
    expect(result).toMatchObject({ outcome: "budget-exceeded", exitCode: 6, cleanup: { state: "clean" } });
    expect(result.reason).toMatch(/^The limit of \$1 for this run is spent: its models cost \$\d\.\d{4}$/);
    expect(result.remedy).toEqual({ raise: "maxCostUsd" });
    expect(done.stdout).toContain("Glovebox refused the request: the limit of $1 for this run is spent");
    expect(done.stdout).not.toContain("authenticate");
    expect(stage.file("out/first.txt")).toBe("first");
    expectSums(result, usageOf(stage.events(), "gateway"));
    expect(stage.events()).toContainEqual(
      expect.objectContaining({ type: "network.request", decision: "denied", reason: expect.stringContaining("$1") }),
    );
    expect(stage.events().some((event) => event.type === "warning" && event.code === "model-unreachable")).toBe(false);
    expect(await stage.containers()).toEqual([]);
  });

  it("cuts the answer that passes it while it streams", async () => {
    await using stage = await setStage({
      turns: [write("kept.txt", "kept"), { text: "word ".repeat(4000), chunkDelayMs: 50 }, say("Never said.")],
    });
    configurePrices(stage);
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--max-cost", "2", "--json"]).done;
    expect(done.code, done.stderr).toBe(6);
    expect(stage.file("out/kept.txt")).toBe("kept");
    // The whole answer would have been five dollars.
    expect(stage.result().costUsd).toBeLessThan(4);
  });

  it("holds against an agent that spends on its own", async () => {
    const body = JSON.stringify({
      model: "claude-scripted-1",
      max_tokens: 50,
      messages: [{ role: "user", content: "x" }],
    });
    const spend = `while :; do curl -s -m 5 -H 'content-type: application/json' -d '${body}' "$ANTHROPIC_BASE_URL/v1/messages" >> spent.txt; done`;
    await using stage = await setStage({ turns: [bash(spend), say("Never said.")] });
    configurePrices(stage);
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--max-cost", "1.5", "--json"]).done;
    expect(done.code, done.stderr).toBe(6);
    expect(stage.result().costUsd).toBeLessThanOrEqual(1.5);
    expect(stage.file("out/spent.txt")).toContain("the limit of $1.5 for this run is spent");
  });

  it("counts on where a broken connection was made again", async () => {
    await using stage = await setStage({
      turns: [
        { ...write("a.txt", "a"), outputTokens: 600 },
        { ...bash("sleep 3; echo after > after.txt"), outputTokens: 10 },
        { ...say("Too dear."), outputTokens: 600 },
      ],
    });
    configurePrices(stage);
    using way = await wayToEngine(stage);
    const done = await stage.glovebox(["run", "Try", "--output", "out", "--max-cost", "1", "--json"], {
      env: { DOCKER_HOST: way.host },
      onEvent: (event) => {
        if (event.type === "tool.start" && event.name === "Bash") way.cut();
      },
    }).done;
    expect(done.events).toContainEqual(expect.objectContaining({ type: "warning", code: "reconnecting" }));
    expect(done.code, done.stdout.slice(-3500)).toBe(6);
    expect(stage.file("out/after.txt")).toBe("after\n");
    expectSums(stage.result(), usageOf(stage.events(), "gateway"));
  });

  it("passes nothing on to a model that has no price", async () => {
    await using stage = await setStage({ turns: [say("Never said.")] });
    const done = await stage.glovebox(["run", "Try", "--model", "claude-unheard-of-1", "--max-cost", "1"]).done;
    expect(done.code).toBe(1);
    expect(done.stderr).toContain("has no price");
    expect(stage.model.requests.filter(({ kind }) => kind === "turn")).toEqual([]);
  });

  it("is enough for a run that stays within it, and is shown with the plan", async () => {
    await using stage = await setStage({ turns: [write("a.txt", "a"), say("Done.")] });
    configurePrices(stage);
    const env = { GLOVEBOX_MAX_COST: "50" };
    const plan = await stage.glovebox(["run", "Try", "--dry-run"], { env }).done;
    expect(plan.stdout).toMatch(/max cost +\$50/);
    const done = await stage.glovebox(["run", "Try", "--output", "out"], { env }).done;
    expect(done.code, done.stderr).toBe(0);
    expect(done.stdout).toMatch(/\$\d+\.\d+ of \$50/);
  });
});

describe("--strict-budget", () => {
  it("is exceeded by nothing: the run ends before a request that may not fit", async () => {
    const turn = (name: string) => ({ ...write(`${name}.txt`, name), outputTokens: 900 });
    await using stage = await setStage({ turns: [turn("a"), turn("b"), turn("c"), turn("d"), say("Never said.")] });
    configurePrices(stage);
    const limits = ["--max-cost", "3.5", "--strict-budget", "--env", "CLAUDE_CODE_MAX_OUTPUT_TOKENS=1000"];
    const done = await stage.glovebox(["run", "Try", "--output", "out", ...limits, "--json"]).done;
    expect(done.code, done.stderr).toBe(6);
    const result = stage.result();
    expect(result.reason).toMatch(
      /^The limit of \$3\.5 for this run is reached: its models cost \$2\.\d{4}, and the next/,
    );
    expect(result.costUsd).toBeGreaterThan(2.7);
    expect(result.costUsd).toBeLessThanOrEqual(3.5);
    expect(stage.file("out/b.txt")).toBe("b");
    const [last] = usageOf(stage.events(), "gateway").slice(-1);
    expect(last?.budget).toEqual([expect.objectContaining({ kind: "run", maxUsd: 3.5, spentUsd: result.costUsd })]);
    expect(await stage.containers()).toEqual([]);
  });
});

describe("--max-cost-per-agent", () => {
  it("stops the sub-agent that has used it up, and the main conversation finishes", async () => {
    const agent = (name: string) => ({
      name: "Agent",
      input: { description: name, prompt: `SUBTASK ${name}`, subagent_type: "general-purpose" },
    });
    const step = (command: string, outputTokens: number) => ({ ...bash(command), outputTokens });
    await using stage = await setStage({
      turns: [{ tools: [agent("dear"), agent("cheap")] }, say("Waiting."), say("All done."), say("All done.")],
      conversations: [
        {
          firstMessageIncludes: "SUBTASK dear",
          turns: [step("touch dear", 300), step("true", 900), say("Never said.")],
        },
        { firstMessageIncludes: "SUBTASK cheap", turns: [step("touch cheap", 300), say("Cheap is done.")] },
      ],
    });
    configurePrices(stage);
    const limits = ["--max-cost", "50", "--max-cost-per-agent", "1"];
    const done = await stage.glovebox(["run", "Try", "--output", "out", ...limits, "--json"]).done;
    expect(done.code, done.stderr + done.stdout.slice(-3000)).toBe(0);
    const warnings = stage.events().filter((event) => event.type === "warning" && event.code === "agent-budget");
    expect(warnings).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(
          /^The sub-agent \w+ was stopped: the limit of \$1 for each sub-agent is used up$/,
        ),
        remedy: { raise: "maxCostPerAgentUsd" },
      }),
    ]);
    const agents = usageOf(stage.events(), "gateway").flatMap(({ agentId }) => agentId ?? []);
    expect(new Set(agents).size).toBe(2);
    for (const name of ["dear", "cheap"]) expect(stage.file(`out/${name}`)).toBe("");
  });
});

const request = JSON.stringify({
  model: "claude-scripted-1",
  max_tokens: 50,
  messages: [{ role: "user", content: "x" }],
});
/** Asks the model from a shell. */
const ask = `curl -s -m 5 -d '${request}' "$ANTHROPIC_BASE_URL/v1/messages"`;

function finalResult(costUsd: number): string {
  const line = { type: "result", subtype: "success", is_error: false, num_turns: 1, result: "said", session_id: "s" };
  return `echo '${JSON.stringify({ ...line, total_cost_usd: costUsd })}'`;
}

/** A run of a shell script that speaks as Claude Code does, with a model that it can ask. */
async function runScript(script: string, more: Partial<RunSpec> = {}) {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-budget-"));
  const server = await createScriptedModel({ script: { turns: [] } }).listen();
  // A script answers no questions: it is started with its prompt.
  const { components: _, ...claude } = createClaudeCode();
  try {
    const running = run({
      provider: createDockerProvider(),
      harness: {
        ...claude,
        command: ({ prompt, workspaceDir }) => ({
          argv: ["bash", "-c", script],
          stdin: Buffer.from(prompt),
          env: {},
          cwd: workspaceDir,
        }),
      },
      task: { prompt: "the prompt" },
      credential: {
        variable: "ANTHROPIC_API_KEY",
        secret: new Secret("ANTHROPIC_API_KEY", "sk-ant-0000"),
        upstream: server.url,
      },
      prices,
      outputDirectory: join(directory, "out"),
      home: join(directory, "home"),
      ...more,
    });
    const events: RunEvent[] = [];
    for await (const event of running) events.push(event);
    return { events, result: await running.result };
  } finally {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

describe("a harness that is not to be believed", () => {
  it.each([0, 1_000_000])("says that it cost $%d: the result is what the gateway read", async (costUsd) => {
    const lie = { input_tokens: 7_000_000, output_tokens: 7_000_000 };
    const message = { id: "msg_lie", role: "assistant", model: "claude-scripted-1", content: [], usage: lie };
    const said = JSON.stringify({ type: "assistant", message, session_id: "s", parent_tool_use_id: null });
    const { events, result } = await runScript(`${ask} > a; ${ask} > b; echo '${said}'; ${finalResult(costUsd)}`);
    expect(result).toMatchObject({ outcome: "succeeded", message: "said" });
    const usage = usageOf(events, "gateway");
    expect(usage).toHaveLength(2);
    expectSums(result, usage);
    expect(events).toContainEqual(expect.objectContaining({ type: "harness.result", costUsd, message: "said" }));
  });

  it("ends well although its last request was refused: the run has still gone over its limit", async () => {
    const { result } = await runScript(`for n in 1 2 3 4 5 6 7 8; do ${ask}; done > asked.txt; ${finalResult(0)}`, {
      maxCostUsd: 0.1,
    });
    expect(result).toMatchObject({ outcome: "budget-exceeded", exitCode: 6, message: "said" });
    expect(result.costUsd).toBeLessThanOrEqual(0.1);
    expect(result.files?.manifest.map(({ path }) => path)).toContain("asked.txt");
  });

  it("continues although nothing is left: it is stopped, and its files come back", async () => {
    const { result } = await runScript(`trap '' INT; while :; do ${ask} >> asked.txt; sleep 0.2; done`, {
      maxCostUsd: 0.1,
    });
    expect(result).toMatchObject({ outcome: "budget-exceeded", exitCode: 6, cleanup: { state: "clean" } });
    expect(result.reason).toContain("The limit of $0.1 for this run");
    expect(result.files?.manifest.map(({ path }) => path)).toContain("asked.txt");
  });

  it("uses more tokens than it may: the run ends, and its reason names the limit", async () => {
    const { result } = await runScript(`for n in 1 2 3 4 5 6 7 8; do ${ask}; done > asked.txt; ${finalResult(0)}`, {
      maxTokens: 300,
      strictBudget: true,
      maxCostUsd: 100,
    });
    expect(result).toMatchObject({ outcome: "budget-exceeded", exitCode: 6, remedy: { raise: "maxTokens" } });
    expect(result.reason).toMatch(/^The limit of 300 tokens for this run is reached: its models used \d+ tokens, and/);
    const { input = 0, output = 0 } = result.tokens ?? {};
    expect(input + output).toBeLessThanOrEqual(300);
  });

  it("is refused a limit that nobody can hold, before anything is made", async () => {
    const harness = createClaudeCode();
    const endpoints = harness.endpoints.map(({ api: _, ...endpoint }) => endpoint);
    const running = runScript("true", { harness: { ...harness, endpoints }, maxCostUsd: 1 });
    await expect(running).rejects.toThrow(/cannot be limited/);
  });
});
