import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lastLine } from "../shell-harness.ts";
import type { StressFault, StressScenario } from "../stress-scenario.ts";
import { StressStage } from "../stress-stage.ts";
import { checkBatch } from "./batch-checks.ts";

const mostMemoryMiB = 300;
const pollMs = 500;

/** One batch with as many rows as rounds: each is right, and the process stays small. */
export const batchLoad: StressScenario = {
  summary: "one batch of many rows, 8 at a time unless --concurrency says otherwise: all right, in bounded memory",
  rounds: 100,
  async run({ rounds, concurrency, say }) {
    await using stage = new StressStage();
    const expected = new Map(Array.from({ length: rounds }, (_, index) => [`row-${index}`, `${index}\n`]));
    const rows = [...expected].map(([id, content]) => ({
      id,
      // Rows that say much: what they say is not kept.
      prompt: `seq 20000; printf '${content.trim()}\\n' > made.txt; echo '${lastLine}'`,
    }));
    writeFileSync(join(stage.directory, "batch.json"), JSON.stringify({ rows }));
    const start = performance.now();
    const command = stage.batch([
      "batch.json",
      "--concurrency",
      String(concurrency),
      "--output",
      join(stage.root, "out"),
    ]);
    let peakMiB = 0;
    let ended = false;
    void command.done.then(() => {
      ended = true;
    });
    command.process.stderr?.on("data", (text: string) => say(text.trim()));
    while (!ended) {
      peakMiB = Math.max(peakMiB, peakOf(command.process.pid));
      await sleep(pollMs);
    }
    const { code, stderr } = await command.done;
    const seconds = (performance.now() - start) / 1000;
    const faults: StressFault[] = await checkBatch(stage, expected);
    if (code !== 0) faults.push({ kind: "batch fails", detail: `exit ${code}: ${stderr.slice(-1500)}` });
    if (peakMiB > mostMemoryMiB) faults.push({ kind: "memory", detail: `${peakMiB} MiB` });
    const facts = [
      `${rounds} rows in ${seconds.toFixed(1)} s, ${(rounds / seconds).toFixed(2)} rows/s, at most ${peakMiB} MiB`,
    ];
    return { rounds, faults, facts };
  },
};

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
