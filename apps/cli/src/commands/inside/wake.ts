import { parseValue, runSettings } from "@glovebox/core/run-settings";
import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { type EntryOptions, withEntryOptions } from "../../inside/entry-options.ts";
import { argument } from "../../options/argument.ts";

interface WakeOptions extends EntryOptions {
  readonly for?: number;
}

/** `glovebox wake`. */
export function wakeCommand(cli: Cli): Command {
  const command = new Command("wake")
    .summary("start a sandbox again that is paused or has stopped")
    .description(
      "Start the sandbox of a run again that was paused, or that stopped when its lease ended. One that runs gets a longer lease.",
    );
  return withEntryOptions(command)
    .option(
      "--for <duration>",
      "how long it runs, at least (default: 5m)",
      argument((text) => parseValue("duration", text)),
    )
    .action(
      cli.act(async (reference: string | undefined, options: WakeOptions) => {
        const { enterSandbox, findSandbox } = await import("../../inside/enter-sandbox.ts");
        const { keepingLease } = await import("../../inside/keeping-lease.ts");
        const { requireCapability } = await import("../../inside/require-capability.ts");
        const { terminal } = cli;
        const leaseMs = options.for ?? runSettings.lease.default;
        const entry = { reference, provider: options.provider, terminal, leaseMs };
        const { provider } = await findSandbox(entry);
        await requireCapability(provider, "wake", "pause");
        return await enterSandbox(entry, async ({ run, sandbox }) => {
          const endsAt = await keepingLease(sandbox).extend(leaseMs);
          terminal.stdout.line(run.runId);
          terminal.stderr.line(`It runs until ${endsAt.toLocaleString()}.`);
          return 0;
        });
      }),
    );
}
