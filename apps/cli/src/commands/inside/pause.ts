import { InvalidOptionsError } from "@glovebox/core/provider";
import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { type EntryOptions, withEntryOptions } from "../../inside/entry-options.ts";

/** `glovebox pause`. */
export function pauseCommand(cli: Cli): Command {
  const command = new Command("pause")
    .summary("freeze a sandbox that was kept")
    .description(
      "Freeze everything in the sandbox of a run that was started with --keep. Its memory and files stay, and it has no lease " +
        "until it is woken: `glovebox wake` continues it, `glovebox rm` removes it.",
    );
  return withEntryOptions(command).action(
    cli.act(async (reference: string | undefined, options: EntryOptions) => {
      const { enterSandbox } = await import("../../inside/enter-sandbox.ts");
      const { requireCapability } = await import("../../inside/require-capability.ts");
      const { terminal } = cli;
      return await enterSandbox({ reference, provider: options.provider, terminal }, async (entered) => {
        const { runId, runDirectory, isAlive } = entered.run;
        if (isAlive) {
          const { runName } = await import("../../runs/run-name.ts");
          const name = runName(runDirectory);
          throw new InvalidOptionsError(`The agent of ${name} is at work: a pause would end its run`, {
            hint: `To end it and bring its files back: glovebox stop ${name}`,
          });
        }
        await requireCapability(entered.provider, "pause");
        await entered.sandbox.pause();
        terminal.stdout.line(runId);
        return 0;
      });
    }),
  );
}
