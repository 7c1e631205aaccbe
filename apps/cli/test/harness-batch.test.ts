import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createBatchStore } from "@glovebox/batch";
import type { ModelRequest } from "@glovebox/scripted-model";
import { describe, expect, it } from "vitest";
import { everyApi, script, shell, writeRows } from "./support/several-agents.ts";
import { type Stage, setStage } from "./support/stage.ts";

/** The last attempt of each row, by the row's name. */
function lastAttempts({ home }: Stage) {
  const store = createBatchStore(home);
  return new Map(store.rows(store.get("1").id).map(({ row, last }) => [row.id, last]));
}

/** A dollar a million in, ten out; no model writes more than this in one answer. */
const price = { inputUsd: 1, outputUsd: 10, cacheReadUsd: 0.1, cacheWriteUsd: 1.25, maxOutputTokens: 32_000 };
const models = ["claude-scripted-1", "gpt-scripted-1", "gemini-scripted-1"];
const prices = { asOf: "2026-11-30", models: models.map((modelPrefix) => ({ modelPrefix, ...price })) };

describe("a batch of several agents", { timeout: 900_000 }, () => {
  it("brings back what each of them made, by the row", async () => {
    await using stage = await setStage(
      script([shell("echo made > made.txt; env"), { text: "Done.", inputTokens: 1000, outputTokens: 100 }]),
    );
    writeRows(stage, [
      { harness: "opencode", model: "gpt-5.6" },
      { harness: "acp-gemini", model: "gemini-2.5-pro" },
    ]);
    // OpenCode uses the first key that is set, of Anthropic and OpenAI.
    const env = { ...everyApi(stage), ANTHROPIC_API_KEY: undefined };
    const args = ["batch", "batch.json", "--trust-file", "--output", "out", "--json"];
    const done = await stage.glovebox(args, { env }).done;
    expect(done.code, done.stdout + done.stderr).toBe(0);
    for (const [id, attempt] of lastAttempts(stage)) {
      expect(stage.file(`out/${id}/made.txt`)).toBe("made\n");
      expect(attempt?.end).toMatchObject({ outcome: "succeeded", costUsd: expect.any(Number) });
    }
    const paths = new Set(stage.model.requests.map(({ path }) => path.replace(/\?.*/, "")));
    expect([...paths].sort()).toEqual(["/v1/responses", "/v1beta/models/gemini-2.5-pro:streamGenerateContent"]);
    expect(done.stdout + done.stderr).not.toContain(stage.key);
    expect(await stage.containers()).toEqual([]);
  });

  it("spends no more than its one budget, whichever agents share it", async () => {
    const spending = { inputTokens: 0, outputTokens: 30_000 };
    let answered = 0;
    const turn = shell("true", spending);
    const counted = (request: ModelRequest) => {
      answered += 1;
      return turn(request);
    };
    await using stage = await setStage(script(Array.from({ length: 12 }, () => counted)));
    mkdirSync(stage.home, { recursive: true });
    writeFileSync(join(stage.home, "config.json"), JSON.stringify({ prices }));
    writeRows(stage, [
      { harness: "claude-code", model: "claude-scripted-1" },
      { harness: "codex", model: "gpt-scripted-1" },
      { harness: "gemini", model: "gemini-scripted-1" },
    ]);
    const args = ["batch", "batch.json", "--trust-file", "--output", "out", "--concurrency", "3"];
    const done = await stage.glovebox([...args, "--max-cost", "2.5", "--strict-budget", "--json"], {
      env: everyApi(stage),
    }).done;
    expect(done.code, done.stdout + done.stderr).toBe(6);
    const ends = [...lastAttempts(stage).values()].map((attempt) => attempt?.end);
    for (const end of ends) expect(end).toMatchObject({ outcome: "budget-exceeded", exitCode: 6 });
    const cost = ends.reduce((sum, end) => sum + (end?.costUsd ?? 0), 0);
    expect(cost).toBeLessThanOrEqual(2.5);
    // Each answer costs $0.30: what the model has answered is what the gateway has counted.
    expect(cost).toBeCloseTo(answered * 0.3, 6);
    expect(answered).toBeGreaterThan(3);
    expect(await stage.containers()).toEqual([]);
  });
});
