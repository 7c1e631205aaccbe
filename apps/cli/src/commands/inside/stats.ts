import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { type EntryOptions, withEntryOptions } from "../../inside/entry-options.ts";

interface StatsOptions extends EntryOptions {
  readonly watch?: boolean;
  readonly json?: boolean;
}

const intervalMs = 1000;

/** `glovebox stats`. */
export function statsCommand(cli: Cli): Command {
  const command = new Command("stats")
    .summary("show what the sandbox of a run uses")
    .description(
      "Show the processor time, memory, disk and processes of the sandbox of a run, measured over a second.",
    );
  return withEntryOptions(command)
    .option("-w, --watch", "measure again until Ctrl-C or the end of the sandbox")
    .option("--json", "print one object per measurement")
    .action(
      cli.act(async (reference: string | undefined, options: StatsOptions) => {
        const { enterSandbox } = await import("../../inside/enter-sandbox.ts");
        const { usageCells, usageHead, usageWidths } = await import("../../inside/print-usage.ts");
        const { SandboxMeter } = await import("../../inside/sandbox-usage.ts");
        const { runName } = await import("../../runs/run-name.ts");
        const { untilInterrupted } = await import("../../inside/until-interrupted.ts");
        const { terminal } = cli;
        const { stdout } = terminal;
        return await untilInterrupted((signal) =>
          enterSandbox(
            { reference, provider: options.provider, terminal, signal },
            async ({ run, sandbox, provider }) => {
              const meter = new SandboxMeter(sandbox, provider.capabilities);
              const measure = async () => {
                await sleep(intervalMs, undefined, { signal });
                return await meter.measure(signal);
              };
              await meter.measure(signal);
              if (!options.json) terminal.stderr.line(runName(run.runDirectory));
              const row = (cells: readonly string[]) =>
                stdout.line(
                  cells
                    .map((cell, at) => cell.padEnd(usageWidths[at] ?? 0))
                    .join("  ")
                    .trimEnd(),
                );
              if (!options.json) row(usageHead);
              do {
                const usage = await measure().catch((error: unknown) => {
                  if (signal.aborted) return undefined;
                  throw error;
                });
                if (usage === undefined || stdout.gone.aborted) return options.watch ? 0 : 130;
                if (options.json) stdout.json({ runId: run.runId, ...usage });
                else row(usageCells(usage));
              } while (options.watch);
              return 0;
            },
          ),
        );
      }),
    );
}
