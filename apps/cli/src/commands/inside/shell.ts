import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { type EntryOptions, withEntryOptions } from "../../inside/entry-options.ts";

/** `glovebox shell`. */
export function shellCommand(cli: Cli): Command {
  const command = new Command("shell")
    .summary("open a shell in the sandbox of a run")
    .description(
      "Open a shell in the sandbox of a run that is running, or that was started with --keep, or run another program there in " +
        "your terminal. What runs in the sandbox controls the terminal meanwhile, as on a machine that you reach with ssh.",
    )
    .usage("[options] [run] [-- <command> [args...]]");
  return withEntryOptions(command)
    .addHelpText("after", "\nExamples:\n  glovebox shell\n  glovebox shell 1 -- top\n")
    .action(
      cli.act(async (reference: string | undefined, options: EntryOptions) => {
        const { enterSandbox } = await import("../../inside/enter-sandbox.ts");
        const { requireCapability } = await import("../../inside/require-capability.ts");
        const { requireTerminal, shellInside } = await import("../../inside/shell-inside.ts");
        const { terminal } = cli;
        requireTerminal(terminal);
        return await enterSandbox(
          { reference, provider: options.provider, terminal },
          async ({ sandbox, provider }) => {
            await requireCapability(provider, "pty");
            return await shellInside(sandbox, cli.passedThrough, terminal);
          },
        );
      }),
    );
}
