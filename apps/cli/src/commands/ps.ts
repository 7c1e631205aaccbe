import type { RunStore, RunSummary } from "@glovebox/core";
import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { homeFolder } from "../config/home-folder.ts";
import { formatDuration } from "../print/quantities.ts";
import { safeLine } from "../print/safe-text.ts";
import { printTable } from "../print/table.ts";

const mostShown = 20;

/** `glovebox ps`. */
export function psCommand(cli: Cli): Command {
  return new Command("ps")
    .summary("list the runs")
    .description("Lists the runs, the newest first. The number in front of each names it in other commands.")
    .option("-a, --all", `every run, not only those that go on or left something and the newest ${mostShown}`)
    .option("--json", "one object a line")
    .action(
      cli.act(async (options: { readonly all?: boolean; readonly json?: boolean }) => {
        const { createRunStore } = await import("@glovebox/core");
        const { stdout, stderr, env } = cli.terminal;
        const store = createRunStore(homeFolder(env));
        const all = await store.list();
        const numbered = all.map((run, index) => ({ run, place: index + 1 }));
        const shown = numbered.filter(
          ({ run, place }) => options.all || place <= mostShown || run.isAlive || run.isLeftBehind,
        );
        if (options.json) for (const { run } of shown) stdout.line(JSON.stringify(run));
        else if (shown.length === 0) stderr.line('No runs yet. Start one: glovebox run "Build a todo app"');
        else {
          const rows = shown.map(async ({ run, place }) => row(run, place, await stateOf(run, store)));
          printTable(stdout, ["#", "RUN", "STATE", "STARTED", "TOOK", "PROMPT"], await Promise.all(rows));
        }
        return 0;
      }),
    );
}

function row(run: RunSummary, place: number, state: string): string[] {
  const took = run.durationMs ?? (run.isAlive ? Date.now() - run.startedAt.getTime() : undefined);
  return [
    String(place),
    run.runId,
    state,
    `${formatDuration(Math.max(0, Date.now() - run.startedAt.getTime()))} ago`,
    took === undefined ? "" : formatDuration(took),
    safeLine(run.promptPreview, 50),
  ];
}

async function stateOf(run: RunSummary, store: RunStore): Promise<string> {
  if (run.isAlive) return run.phase;
  const state = run.outcome ?? "interrupted";
  if (!run.isLeftBehind) return state;
  const isKept = (await store.result(run.runId))?.cleanup.state === "kept";
  return `${state}, sandbox ${isKept ? "kept" : "left"}`;
}
