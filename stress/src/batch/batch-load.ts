import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createBatchStore } from "@glovebox/batch";
import { lastLine } from "../shell-harness.ts";
import type { StressFault, StressScenario } from "../stress-scenario.ts";
import { type Command, StressStage } from "../stress-stage.ts";
import { checkBatch, type ExpectedRow } from "./batch-checks.ts";

const mostMemoryMiB = 300;
const pollMs = 500;

/** What goes wrong with a row: one of ten fails, one takes too long, and one loses its sandbox and is retried. */
type Trouble = "fails" | "too long" | "killed" | undefined;

/** One batch with as many rows as rounds, of which some fail: each is what it must be, and the process stays small. */
export const batchLoad: StressScenario = {
  summary: "one batch of many rows, of which three of ten meet a fault: all what they must be, in bounded memory",
  rounds: 100,
  async run({ rounds, concurrency, say }) {
    await using stage = new StressStage();
    const indices = Array.from({ length: rounds }, (_, index) => index);
    const rows = indices.map(rowOf);
    writeFileSync(join(stage.directory, "batch.json"), JSON.stringify({ rows }));
    const start = performance.now();
    const out = join(stage.root, "out");
    const limits = ["--concurrency", String(concurrency), "--retry-failed", "2"];
    const command = stage.batch(["batch.json", ...limits, "--output", out]);
    command.process.stderr?.on("data", (text: string) => say(text.trim()));
    const peakMiB = await follow(command, stage);
    const { code, stderr } = await command.done;
    const seconds = (performance.now() - start) / 1000;
    const expected = new Map(indices.map((index) => [`row-${index}`, expectedOf(index)]));
    const faults: StressFault[] = await checkBatch(stage, expected);
    const right = indices.some((index) => expectedOf(index).status !== "succeeded") ? 1 : 0;
    if (code !== right) faults.push({ kind: "batch fails", detail: `exit ${code}: ${stderr.slice(-1500)}` });
    if (peakMiB > mostMemoryMiB) faults.push({ kind: "memory", detail: `${peakMiB} MiB` });
    const facts = [
      `${rounds} rows in ${seconds.toFixed(1)} s, ${(rounds / seconds).toFixed(2)} rows/s, at most ${peakMiB} MiB`,
      countsOf(stage),
    ];
    return { rounds, faults, facts };
  },
};

function troubleOf(index: number): Trouble {
  return ({ 3: "fails", 6: "too long", 8: "killed" } as const)[index % 10];
}

function rowOf(index: number) {
  const trouble = troubleOf(index);
  const end = {
    fails: "exit 3",
    "too long": "sleep 1000",
    killed: `sleep 10; echo '${lastLine}'`,
    none: `echo '${lastLine}'`,
  }[trouble ?? "none"];
  return {
    id: `row-${index}`,
    // Rows that say much: what they say is not kept.
    prompt: `printf '${index}\\n' > made.txt; seq 20000; ${end}`,
    ...(trouble === "too long" ? { limits: { timeout: "30s" } } : {}),
  };
}

function expectedOf(index: number): ExpectedRow {
  const trouble = troubleOf(index);
  const status = trouble === "fails" ? "failed" : trouble === "too long" ? "timed-out" : "succeeded";
  // On a machine with much to do, a row can take too long before it has made anything.
  return trouble === "too long" ? { status } : { content: `${index}\n`, status };
}

/** Kills the sandboxes that are to be killed, once each, until the batch ends. Resolves to the most memory that it held, in MiB. */
async function follow(command: Command, stage: StressStage): Promise<number> {
  const killed = new Set<string>();
  let peakMiB = 0;
  let isOver = false;
  const over = command.done.then(() => {
    isOver = true;
  });
  while (!isOver) {
    peakMiB = Math.max(peakMiB, peakOf(command.process.pid));
    for (const { Id, State, Labels } of await stage.containers()) {
      const row = Labels["glovebox.row"] ?? "";
      if (State !== "running" || killed.has(row) || troubleOf(Number(row.slice("row-".length))) !== "killed") continue;
      // A sandbox that ends before its agent has begun is created again within the same run.
      if (!hasBegun(stage, Labels["glovebox.run"] ?? "")) continue;
      killed.add(row);
      await stage.docker
        .getContainer(Id)
        .kill()
        .catch(() => {});
    }
    await Promise.race([sleep(pollMs), over]);
  }
  return peakMiB;
}

function hasBegun({ home }: StressStage, runId: string): boolean {
  return readFileSync(join(home, "runs", runId, "events.ndjson"), "utf8").includes('"to":"running"');
}

/** `70 succeeded, 10 failed; 110 attempts`. */
function countsOf(stage: StressStage): string {
  const store = createBatchStore(stage.home);
  const [batch] = store.list();
  if (batch === undefined) return "no batch";
  const attempts = store.rows(batch.id).reduce((sum, row) => sum + row.attempts.length, 0);
  const counts = Object.entries(batch.counts).map(([status, count]) => `${count} ${status}`);
  return `${counts.join(", ")}; ${attempts} attempts`;
}

/** The most memory that a process has held so far, in MiB. */
function peakOf(pid: number | undefined): number {
  try {
    const [, kibibytes = "0"] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Math.round(Number(kibibytes) / 1024);
  } catch {
    // It has ended.
    return 0;
  }
}
