import type { RunStore, RunSummary } from "@glovebox/core";
import { stateDirectory } from "@glovebox/core/state";
import { formatDuration, safeLine } from "@glovebox/core/text";
import { Command } from "commander";
import type { Cli } from "../cli.ts";

const mostShown = 20;

/** `glovebox ps`. */
export function psCommand(cli: Cli): Command {
  return new Command("ps")
    .summary("list runs")
    .description("List runs, newest first. Other commands accept the number in front of each.")
    .option("-a, --all", `list all runs (default: active, left-over and the ${mostShown} most recent)`)
    .option("--json", "print one object per line")
    .action(
      cli.act(async (options: { readonly all?: boolean; readonly json?: boolean }) => {
        const { createRunStore } = await import("@glovebox/core");
        const { stdout, stderr, env } = cli.terminal;
        const store = createRunStore(stateDirectory(env));
        const all = await store.list();
        for (const problem of await store.problems()) stderr.line(`warning: ${problem}`);
        const numbered = all.map((run, index) => ({ run, place: index + 1 }));
        const shown = numbered.filter(
          ({ run, place }) => options.all || place <= mostShown || run.isAlive || run.isLeftBehind,
        );
        if (options.json) for (const { run } of shown) stdout.json(run);
        else if (shown.length === 0) stderr.line('No runs yet. Start one: glovebox run "Build a todo app"');
        else {
          const rows = shown.map(async ({ run, place }) => row(run, place, await stateOf(run, store)));
          stdout.table(["#", "RUN", "STATE", "STARTED", "TOOK", "PROMPT"], await Promise.all(rows));
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
