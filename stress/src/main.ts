// Wears Glovebox down: `pnpm stress kill --rounds 1000`. Exits 1 where something was not as it must be.
import { parseArgs } from "node:util";
import { batchKill } from "./batch/batch-kill.ts";
import { batchLoad } from "./batch/batch-load.ts";
import { batchOutage } from "./batch/batch-outage.ts";
import { cut } from "./cut/cut.ts";
import { kill } from "./kill/kill.ts";
import { load } from "./load.ts";
import { runner } from "./runner/runner.ts";
import { serve } from "./serve/serve.ts";
import { server } from "./server/server.ts";
import { silence } from "./silence/silence.ts";
import { soak } from "./soak.ts";
import type { StressReport, StressScenario } from "./stress-scenario.ts";

const scenarios: Readonly<Record<string, StressScenario>> = {
  cut,
  kill,
  load,
  runner,
  server,
  serve,
  silence,
  soak,
  "batch-kill": batchKill,
  "batch-load": batchLoad,
  "batch-outage": batchOutage,
};

const usage = `Usage: pnpm stress <scenario> [--rounds <n>] [--concurrency <n>] [--seed <n>] [--from <round>] [--minutes <n>] [--clients <n>]

${Object.entries(scenarios)
  .map(([name, { summary, rounds }]) => `  ${name.padEnd(12)} ${summary} (${rounds} rounds by default)`)
  .join("\n")}
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string" },
    concurrency: { type: "string" },
    seed: { type: "string" },
    from: { type: "string" },
    minutes: { type: "string" },
    clients: { type: "string" },
  },
});
const [name = ""] = positionals;
const scenario = scenarios[name];
if (scenario === undefined) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  const seed = numberOf("--seed", values.seed, Date.now() % 1_000_000);
  process.stderr.write(`stress ${name} --seed ${seed}\n`);
  const report = await scenario.run({
    rounds: numberOf("--rounds", values.rounds, scenario.rounds),
    concurrency: numberOf("--concurrency", values.concurrency, 3),
    seed,
    from: numberOf("--from", values.from, 1),
    minutes: numberOf("--minutes", values.minutes, 30),
    clients: numberOf("--clients", values.clients, 20),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  print(report);
  if (report.faults.length > 0) process.exitCode = 1;
}

function numberOf(option: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${option} ${text} is not a whole number above 0`);
  return value;
}

function print({ rounds, faults, facts }: StressReport): void {
  for (const fact of facts) process.stdout.write(`${fact}\n`);
  for (const kind of new Set(faults.map((fault) => fault.kind))) {
    const found = faults.filter((fault) => fault.kind === kind);
    process.stdout.write(`\nFAULT ${kind}: ${found.length} times\n`);
    for (const { detail } of found.slice(0, 5)) process.stdout.write(`  ${detail}\n`);
  }
  process.stdout.write(`${rounds} rounds, ${faults.length === 0 ? "no fault" : `${faults.length} faults`}\n`);
}
