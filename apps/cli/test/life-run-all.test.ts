import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  budget,
  createSandbox,
  type RunAllOptions,
  type RunEvent,
  type RunSpecInput,
  readTextFile,
  runAll,
  writeTextFile,
} from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { Secret } from "@glovebox/core/provider";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { createDockerProvider } from "@glovebox/provider-docker";
import { createScriptedModel } from "@glovebox/scripted-model";
import { expect, it } from "vitest";

/** A dollar a million tokens in, a thousand dollars a million out. */
const price = { inputUsd: 1, outputUsd: 1000, cacheReadUsd: 0.1, cacheWriteUsd: 1.25 };
const prices = { asOf: "2026-11-20", models: [{ modelPrefix: "claude-scripted", ...price }] };
const question = { model: "claude-scripted-1", max_tokens: 50, messages: [{ role: "user", content: "x" }] };
const ask = `curl -s -m 60 -d '${JSON.stringify(question)}' "$ANTHROPIC_BASE_URL/v1/messages"`;
const result = { type: "result", subtype: "success", is_error: false, num_turns: 1, result: "said", session_id: "s" };
const finish = `echo '${JSON.stringify(result)}'`;

/** A harness whose prompt is a script for the shell, which speaks as Claude Code does. */
function scriptHarness(): Harness {
  const { components: _, ...claude } = createClaudeCode();
  return {
    ...claude,
    command: ({ prompt, workspaceDir }) => ({
      argv: ["bash", "-c", prompt],
      stdin: Buffer.alloc(0),
      env: {},
      cwd: workspaceDir,
    }),
  };
}

/** Runs scripts, all at the same model. */
async function runScripts(scripts: readonly string[], options: RunAllOptions) {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "glovebox-run-all-")));
  const server = await createScriptedModel({ script: { turns: [] } }).listen();
  const specs = scripts.map(
    (prompt, index): RunSpecInput => ({
      provider: createDockerProvider(),
      harness: scriptHarness(),
      task: { prompt },
      credential: {
        variable: "ANTHROPIC_API_KEY",
        secret: new Secret("ANTHROPIC_API_KEY", "sk-ant-0000"),
        upstream: server.url,
      },
      prices,
      outputDirectory: join(directory, `out-${index}`),
      home: join(directory, "home"),
    }),
  );
  try {
    return await runAll(specs, options);
  } finally {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

it("keeps what many runs cost together within their budget, and returns their results in order", async () => {
  const shared = budget({ usd: 0.2 });
  const script = (index: number) => `for n in 1 2 3 4; do ${ask}; done > asked-${index}.txt; ${finish}`;
  const streamed: RunEvent[] = [];
  const results = await runScripts(
    Array.from({ length: 6 }, (_, index) => script(index)),
    {
      concurrency: 2,
      budget: shared,
      onRun: async (run, index) => {
        if (index === 0) for await (const event of run.stream()) streamed.push(event);
      },
    },
  );
  const values = results.map((one) => (one.status === "fulfilled" ? one.value : undefined));
  const outcomes = values.map((value) => value?.outcome);
  expect(outcomes.filter((outcome) => outcome === "succeeded").length).toBeGreaterThan(1);
  expect(outcomes.slice(-2)).toEqual(["budget-exceeded", "budget-exceeded"]);
  expect(new Set(outcomes)).toEqual(new Set(["succeeded", "budget-exceeded"]));
  for (const [index, value] of values.entries()) {
    const paths = value?.files?.manifest.map(({ path }) => path) ?? [];
    // What the budget had no room for has no sandbox, and no files.
    if (value?.outcome === "succeeded") expect(paths).toEqual([`asked-${index}.txt`]);
    else expect(value).toMatchObject({ exitCode: 6, reason: expect.stringContaining("budget of $0.2") });
  }
  const metered = values.reduce((sum, value) => sum + (value?.costUsd ?? 0), 0);
  expect(metered).toBeLessThanOrEqual(0.2);
  expect(shared.spentUsd).toBeCloseTo(metered, 9);
  expect(metered).toBeGreaterThan(0.14);
  expect(shared.reservedUsd).toBe(0);
  expect(streamed.at(0)?.type).toBe("run.state");
  expect(streamed.at(-1)?.type).toBe("run.end");
});

it("cancels the runs under way when the signal is aborted, and starts no further ones", async () => {
  const stop = new AbortController();
  const results = await runScripts([`touch begun; sleep 600; ${finish}`, finish], {
    concurrency: 1,
    signal: stop.signal,
    onRun: async (run) => {
      for await (const event of run) if (event.type === "run.state" && event.to === "running") stop.abort();
    },
  });
  expect(results).toMatchObject([
    { status: "fulfilled", value: { outcome: "cancelled", cleanup: { state: "clean" } } },
    { status: "rejected", reason: { code: "aborted" } },
  ]);
});

it("reads and writes text files in a sandbox, and explains a command line", async () => {
  await using sandbox = await createSandbox({
    provider: createDockerProvider(),
    layers: [createClaudeCode().template()],
  });
  await writeTextFile(sandbox, "a/hello.sh", "#!/bin/sh\necho hellö\n", { mode: 0o755 });
  expect(await readTextFile(sandbox, "a/hello.sh")).toBe("#!/bin/sh\necho hellö\n");
  expect(await sandbox.files.stat("/workspace/a/hello.sh")).toMatchObject({ mode: 0o755 });
  await expect(readTextFile(sandbox, "/etc/passwd", { maxBytes: 8 })).rejects.toMatchObject({ code: "file" });
  await expect(readTextFile(sandbox, "none")).rejects.toMatchObject({ code: "not-found" });
  await expect(sandbox.spawn("ls -la" as never)).rejects.toMatchObject({
    code: "invalid-options",
    hint: expect.stringContaining('["ls", "-la"]'),
  });
});
