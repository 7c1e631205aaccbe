import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BatchEvent, createBatchStore, type RowState } from "@glovebox/batch";
import type { ScriptStep, ScriptTurn } from "@glovebox/scripted-model";
import { describe, expect, it } from "vitest";
import { type Command, type Done, type Stage, setStage, until } from "./support/stage.ts";
import { bash, say, write } from "./support/turns.ts";

/** The model of a stage answers each prompt by its own script. */
function scripts(turns: Readonly<Record<string, readonly ScriptStep[]>>) {
  return {
    turns: [],
    conversations: Object.entries(turns).map(([prompt, each]) => ({ firstMessageIncludes: prompt, turns: [...each] })),
  };
}

const failing = (status: number): ScriptTurn => ({ fault: { kind: "status", status, shouldRetry: false } });

/** Fails the first attempt of a row alone: `times` counts requests with the same messages, which no two attempts send. */
function failingOnce(status: number): ScriptStep {
  let hasFailed = false;
  return ({ tools }) => {
    if (hasFailed || !tools.includes("Write")) return say("Done.");
    hasFailed = true;
    return failing(status);
  };
}

const good = (name: string) => [write("made.txt", name), say("Done.")];

function writeBatch(stage: Stage, batch: unknown): void {
  writeFileSync(join(stage.directory, "batch.json"), JSON.stringify(batch));
}

function rowsOf(stage: Stage): ReadonlyMap<string, RowState> {
  const store = createBatchStore(stage.home);
  return new Map(store.rows(store.get("1").id).map((state) => [state.row.id, state]));
}

const statesOf = (stage: Stage) => Object.fromEntries([...rowsOf(stage)].map(([id, { status }]) => [id, status]));
const batchEvents = ({ stdout }: Done) =>
  stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as BatchEvent);

/** Ends the command's process once its rows have come this far. */
function killOnce(stage: Stage, command: Command, condition: () => boolean) {
  return until("the moment of the kill", () => existsSync(join(stage.home, "batches")) && condition(), 200_000).then(
    () => command.process.kill("SIGKILL"),
  );
}

describe("a batch", { timeout: 400_000 }, () => {
  it("ends with the right state for each row, of which some meet errors of the model, and one its own limit", async () => {
    await using stage = await setStage(
      scripts({
        "Prompt good": good("good"),
        "Prompt broken": [failing(500)],
        "Prompt refused": [failing(400)],
        "Prompt limited": [failingOnce(429)],
        "Prompt cut": [{ ...write("made.txt", "cut"), fault: { kind: "cut", afterChunks: 2, times: 1 } }, say("Done.")],
        "Prompt capped": [{ ...write("made.txt", "capped"), outputTokens: 5000 }, say("Never.")],
      }),
    );
    writeBatch(stage, {
      rows: [
        ...["good", "broken", "refused", "limited", "cut"].map((id) => ({ id, prompt: `Prompt ${id}.` })),
        { id: "capped", prompt: "Prompt capped.", limits: { maxTokens: 1000 } },
      ],
    });
    const env = { CLAUDE_CODE_MAX_RETRIES: "0" };
    const args = ["batch.json", "--concurrency", "4", "--retry-failed", "1", "--output", "out", "--json"];
    const done = await stage.glovebox(["batch", ...args, "--max-cost", "50", "--env", "CLAUDE_CODE_MAX_RETRIES"], {
      env,
    }).done;
    expect(done.code, done.stderr).toBe(1);
    expect(statesOf(stage)).toEqual({
      ...{ good: "succeeded", broken: "failed", refused: "failed", limited: "succeeded", cut: "succeeded" },
      capped: "budget-exceeded",
    });
    const attempts = new Map([...rowsOf(stage)].map(([id, state]) => [id, state.attempts.length]));
    // Tried again where the model's API failed for a while, and not where it refused.
    expect(Object.fromEntries(attempts)).toEqual({ good: 1, broken: 2, refused: 1, limited: 2, cut: 1, capped: 1 });
    // The batch's budget is not used up: a row that has used up its own is done.
    expect(rowsOf(stage).get("capped")).toMatchObject({ isFinal: true, last: { end: { exitCode: 6 } } });
    expect(createBatchStore(stage.home).get("1").isComplete).toBe(true);
    for (const id of ["good", "cut"]) expect(stage.file(`out/${id}/made.txt`)).toBe(id);
    const events = batchEvents(done);
    expect(events.filter(({ type }) => type === "row.started")).toHaveLength(
      [...attempts.values()].reduce((sum, count) => sum + count, 0),
    );
    expect(events.at(-1)).toMatchObject({ type: "batch.ended", exitCode: 1 });
    expect(await stage.containers()).toEqual([]);
  });

  it("survives kill -9: what ended is not run again, what was running is recovered first, and nothing is left", async () => {
    await using stage = await setStage(
      scripts({
        "Prompt fast": good("fast"),
        "Prompt slow": [write("made.txt", "slow"), bash("sleep 6"), say("Done.")],
      }),
    );
    writeBatch(stage, {
      rows: [
        { id: "fast", prompt: "Prompt fast." },
        { id: "slow", prompt: "Prompt slow." },
        { id: "last", prompt: "Prompt fast, too." },
      ],
    });
    const first = stage.glovebox(["batch", "batch.json", "--concurrency", "1", "--output", "out", "--lease", "30s"]);
    await killOnce(
      stage,
      first,
      () =>
        createBatchStore(stage.home).list()[0]?.counts.running === 1 &&
        statesOf(stage).fast === "succeeded" &&
        stage.model.requests.filter(({ turn }) => turn === 1).length > 1,
    );
    await first.done;
    expect(statesOf(stage)).toEqual({ fast: "succeeded", slow: "interrupted", last: "waiting" });
    const resumed = await stage.glovebox(["batch", "resume", "--json"]).done;
    expect(resumed.code, resumed.stderr).toBe(0);
    const rows = rowsOf(stage);
    expect([...rows.values()].map(({ attempts }) => attempts.map(({ end }) => end?.outcome))).toEqual([
      ["succeeded"],
      ["interrupted", "succeeded"],
      ["succeeded"],
    ]);
    const runs = [...rows.values()].flatMap(({ attempts }) => attempts.map(({ runId }) => runId));
    expect(new Set(runs).size).toBe(4);
    // The files of the attempt that was interrupted came back beside those of the one that counts.
    expect([stage.file("out/slow/made.txt"), stage.file("out/slow.2/made.txt")]).toEqual(["slow", "slow"]);
    expect(await stage.containers()).toEqual([]);
  });

  it("cancels in good order at Ctrl-C: files come back, nothing is left, and it can be resumed", async () => {
    await using stage = await setStage(
      scripts({ "Prompt a": [write("made.txt", "half"), bash("sleep 30"), say("Done.")], "Prompt b": good("b") }),
    );
    writeBatch(stage, {
      rows: [
        { id: "a", prompt: "Prompt a." },
        { id: "b", prompt: "Prompt b." },
      ],
    });
    const command = stage.glovebox(["batch", "batch.json", "--concurrency", "1", "--output", "out"]);
    await until("the first row works", () => stage.model.requests.some(({ turn }) => turn === 1), 200_000);
    command.process.kill("SIGINT");
    const done = await command.done;
    expect(done.code, done.stderr).toBe(130);
    expect(statesOf(stage)).toEqual({ a: "cancelled", b: "waiting" });
    expect(stage.file("out/a/made.txt")).toBe("half");
    expect(await stage.containers()).toEqual([]);
    const list = await stage.glovebox(["batch", "list"]).done;
    expect(list.stdout).toContain("stopped, can be resumed");
  });
});

describe("before a batch starts", () => {
  it("names every bad row, and starts nothing", async () => {
    await using stage = await setStage({ turns: [] });
    writeBatch(stage, {
      rows: [
        { id: "fine", prompt: "Fine." },
        { id: "lost", prompt: "Lost.", workspace: "none" },
        { id: "named", prompt: "Named.", model: "" },
      ],
    });
    const file = await stage.glovebox(["batch", "batch.json"]).done;
    expect(file.code).toBe(2);
    expect(file.stderr).toContain("row 3 (named): model");
    writeBatch(stage, {
      rows: [
        { id: "fine", prompt: "Fine." },
        { id: "lost", prompt: "Lost.", workspace: "none" },
        { id: "unbuilt", prompt: "Unbuilt.", template: "unbuilt" },
      ],
    });
    const plan = await stage.glovebox(["batch", "batch.json"]).done;
    expect(plan.code).toBe(2);
    expect(plan.stderr).toContain("(lost): --workspace:");
    expect(plan.stderr).toContain("(unbuilt): No template called unbuilt was built here");
    expect(existsSync(join(stage.home, "batches"))).toBe(false);
    expect(existsSync(join(stage.home, "runs"))).toBe(false);
  });

  it("refuses what the file would allow beyond the user's flags and configuration, unless the user trusts it", async () => {
    await using stage = await setStage({ turns: [] });
    writeBatch(stage, {
      rows: [
        {
          prompt: "x",
          env: ["HOME"],
          workspace: "/usr/share",
          network: { mode: "open", allow: ["evil.example"] },
          limits: { timeout: "2h" },
          template: "evil.template.yaml",
        },
      ],
    });
    writeFileSync(join(stage.directory, "evil.template.yaml"), "name: evil\n");
    const refused = await stage.glovebox(["batch", "batch.json"]).done;
    expect(refused.code).toBe(2);
    for (const part of [
      "evil.example",
      "open",
      "HOME",
      "/usr/share",
      "evil.template.yaml",
      "timeout to 2h (yours: 30m)",
    ]) {
      expect(refused.stderr).toContain(part);
    }
    const trusted = await stage.glovebox(["batch", "batch.json", "--trust-file", "--dry-run", "--json"]).done;
    expect(trusted.code, trusted.stderr).toBe(0);
    writeBatch(stage, { rows: [{ prompt: "x", provider: "./evil.ts" }] });
    const code = await stage.glovebox(["batch", "batch.json", "--trust-file"]).done;
    expect(code.stderr).toContain("may not load a provider from a path");
  });

  it("keeps no secret in its record", async () => {
    await using stage = await setStage(scripts({ Prompt: good("x") }));
    writeBatch(stage, { rows: [{ prompt: "Prompt." }] });
    const refused = await stage.glovebox(["batch", "batch.json", "--env", "API_TOKEN=0123456789abcdef"]).done;
    expect(refused.stderr).toContain("looks like a secret");
    const done = await stage.glovebox(["batch", "batch.json", "--env", "API_TOKEN", "--detach"], {
      env: { API_TOKEN: "0123456789abcdef" },
    }).done;
    expect(done.code, done.stderr).toBe(0);
    await until("the detached batch has ended", () => createBatchStore(stage.home).get("1").end !== undefined);
    const { directory, end } = createBatchStore(stage.home).get(done.stdout.trim());
    expect(end).toMatchObject({ exitCode: 0 });
    for (const file of ["batch.json", "journal.ndjson", "batch.log"]) {
      expect(readFileSync(join(directory, file), "utf8")).not.toContain("0123456789abcdef");
      expect(readFileSync(join(directory, file), "utf8")).not.toContain(stage.key);
    }
  });
});
