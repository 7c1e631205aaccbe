import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunEvent, type RunResult, type RunSpec, reap, run } from "@glovebox/core";
import { ownerLabel, runLabel, Secret } from "@glovebox/core/provider";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { createDockerProvider } from "@glovebox/provider-docker";
import { createScriptedModel } from "@glovebox/scripted-model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const directory = mkdtempSync(join(tmpdir(), "glovebox-harness-"));
const model = createScriptedModel({ script: { turns: [{ text: "Yes." }] } });
let modelUrl = "";
beforeAll(async () => {
  const { url, close } = await model.listen();
  modelUrl = url;
  return close;
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const provider = createDockerProvider();

function result(more: Readonly<Record<string, unknown>> = {}): string {
  const line = {
    type: "result",
    subtype: "success",
    is_error: false,
    num_turns: 1,
    result: "said",
    session_id: "s",
    ...more,
  };
  return `echo '${JSON.stringify(line)}'`;
}

/** Without a model's answer no run is a success. */
const ask = `curl -s -o /dev/null -H 'content-type: application/json' -d '{"model":"m","max_tokens":9,"messages":[]}' "$ANTHROPIC_BASE_URL/v1/messages"`;

/** A run of a shell script that speaks as Claude Code does: for what the real program does seldom, or never when asked. */
async function runScript(
  script: string,
  more: Partial<RunSpec> = {},
): Promise<{ events: RunEvent[]; result: RunResult }> {
  // A script answers no questions: it is started with its prompt.
  const { components: _, ...claude } = createClaudeCode();
  const running = run({
    provider,
    harness: {
      ...claude,
      command: ({ prompt, workspaceDir }) => ({
        argv: ["bash", "-c", `${ask}\n${script}`],
        stdin: Buffer.from(prompt),
        env: {},
        cwd: workspaceDir,
      }),
    },
    task: { prompt: "the prompt" },
    credential: {
      variable: "ANTHROPIC_API_KEY",
      secret: new Secret("ANTHROPIC_API_KEY", "sk-ant-0000"),
      upstream: modelUrl,
    },
    outputDirectory: join(directory, `out-${Math.random().toString(36).slice(2)}`),
    home: join(directory, "home"),
    completionTimeoutMs: 2000,
    idleTimeoutMs: 20_000,
    ...more,
  });
  const events: RunEvent[] = [];
  for await (const event of running) events.push(event);
  return { events, result: await running.result };
}

async function expectNothingLeft(runId: string): Promise<void> {
  for await (const { id, labels } of provider.list({ labels: { [runLabel]: runId } })) {
    expect.fail(`${id} of ${labels[ownerLabel]} is left`);
  }
}

describe("a harness", () => {
  it("that gives another answer than the schema allows has failed, and the answer is in no result", async () => {
    const jsonSchema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
    const script = result({ structured_output: { n: "\u001b[31m" } });
    const { events, result: ended } = await runScript(script, { task: { prompt: "the prompt", jsonSchema } });
    expect(ended).toMatchObject({ outcome: "failed", exitCode: 1 });
    expect(ended.reason).toBe("The structured answer does not match the schema: /n must be integer");
    expect([ended, ...events].filter((one) => "structuredOutput" in one && one.structuredOutput !== undefined)).toEqual(
      [],
    );
  });

  it("that says nothing at its end has not succeeded, whatever its exit code", async () => {
    const { result: ended } = await runScript("cat > prompt.txt; echo hello; exit 0");
    expect(ended).toMatchObject({ outcome: "failed", exitCode: 1, files: { complete: true } });
    await expectNothingLeft(ended.runId);
  });

  it("whose success is an error has not succeeded", async () => {
    const { result: ended } = await runScript(
      result({ is_error: true, api_error_status: 402, result: "credit balance is too low" }),
    );
    expect(ended).toMatchObject({ outcome: "failed", exitCode: 1 });
    expect(ended.reason).toContain("credit balance");
  });

  it("that hangs after its result is stopped, and its result is kept", async () => {
    const { events, result: ended } = await runScript(`echo kept > kept.txt; ${result()}; exec tail -f /dev/null`);
    expect(ended).toMatchObject({ outcome: "succeeded", exitCode: 0, message: "said" });
    expect(events).toContainEqual(expect.objectContaining({ type: "warning", code: "harness-hung" }));
    await expectNothingLeft(ended.runId);
  });

  it("whose children outlive it and hold its output does not keep the run", async () => {
    const child = "(while :; do echo tick >> ticks.txt; sleep 0.05; done)";
    const { events, result: ended } = await runScript(
      `setsid ${child.replace(/^\(/, "bash -c '").replace(/\)$/, "'")} & ${result()}`,
    );
    expect(ended).toMatchObject({ outcome: "succeeded", exitCode: 0 });
    expect(events.at(-1)).toMatchObject({ type: "run.end", cleanup: { state: "clean" } });
    await expectNothingLeft(ended.runId);
  });

  it("that succeeds and exits otherwise keeps its word, with a warning", async () => {
    const { events, result: ended } = await runScript(`${result()}; exit 3`);
    expect(ended.outcome).toBe("succeeded");
    expect(events).toContainEqual(expect.objectContaining({ type: "warning", code: "harness" }));
  });

  it("that never prints anything is stopped after the idle timeout", async () => {
    const { result: ended } = await runScript("exec tail -f /dev/null", { idleTimeoutMs: 2000 });
    expect(ended).toMatchObject({ outcome: "timed-out", exitCode: 124 });
    await expectNothingLeft(ended.runId);
  });

  it("that is missing is a failure of the sandbox, said in one line", async () => {
    const { components: _, ...claude } = createClaudeCode();
    const harness = {
      ...claude,
      command: () => ({ argv: ["no-such-program"] as const, stdin: Buffer.alloc(0), env: {}, cwd: "/workspace" }),
    };
    const { result: ended } = await runScript("", { harness });
    expect(ended).toMatchObject({ outcome: "failed", exitCode: 4 });
    expect(ended.reason).toContain("no-such-program");
    await expectNothingLeft(ended.runId);
  });

  it("whose files cannot be brought back leaves them to whoever reaps, the same process too", async () => {
    const outputDirectory = join(directory, "in-the-way");
    const places = [outputDirectory, join(directory, "home", "recovered")];
    const script = `echo kept > kept.txt; ${result()}`;
    const { events, result: ended } = await runScript(script, {
      outputDirectory,
      provider: {
        ...provider,
        // Both places were free when the run began, and are taken when its files come.
        create: async (...args) => {
          for (const place of places) writeFileSync(place, "");
          return provider.create(...args);
        },
      },
    });
    expect(ended).toMatchObject({ outcome: "succeeded", exitCode: 5, cleanup: { state: "left" } });
    expect(events.at(-1)).toMatchObject({ type: "run.end", exitCode: 5 });
    const stillInTheWay = await reap({ home: join(directory, "home"), provider, runId: ended.runId });
    expect(stillInTheWay).toMatchObject({ collected: [], removed: [], left: [{ failed: true }] });
    for (const place of places) rmSync(place);
    await expect
      .poll(
        async () =>
          (
            await provider
              .list({ labels: { [runLabel]: ended.runId } })
              [Symbol.asyncIterator]()
              .next()
          ).value?.state,
        { timeout: 30_000 },
      )
      .toBe("stopped");
    const report = await reap({ home: join(directory, "home"), provider, runId: ended.runId });
    expect(report.collected).toEqual([{ runId: ended.runId, directory: outputDirectory }]);
    expect(readFileSync(join(outputDirectory, "kept.txt"), "utf8")).toBe("kept\n");
    await expectNothingLeft(ended.runId);
  });

  it("that floods its output with lines of no meaning loses none, and ends", async () => {
    const { events, result: ended } = await runScript(
      `seq 1 20000; printf 'no line end'; echo; ${result()}; printf 'after the end'`,
    );
    expect(ended.outcome).toBe("succeeded");
    const raw = events.flatMap((event) => (event.type === "harness.raw" ? [event.line] : []));
    expect(raw.slice(0, 20_000)).toEqual(Array.from({ length: 20_000 }, (_, index) => String(index + 1)));
    expect(raw).toContain("no line end");
    expect(raw).toContain("after the end");
  });
});
