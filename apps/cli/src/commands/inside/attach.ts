import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { type EntryOptions, withEntryOptions } from "../../inside/entry-options.ts";

interface AttachOptions extends EntryOptions {
  readonly detachKeys?: string;
  readonly readOnly?: boolean;
}

/** `glovebox attach`. */
export function attachCommand(cli: Cli): Command {
  const command = new Command("attach")
    .summary("enter the terminal of a run's agent")
    .description(
      "Show the terminal of the agent of an interactive run in yours, and type into it. The run continues when you detach. Several " +
        "can attach at once: the terminal has the size of the one who typed last. Without an interactive agent, open a shell.",
    );
  return withEntryOptions(command)
    .option("--detach-keys <keys>", "the keys to leave with (default: ctrl-p,ctrl-q)")
    .option("--read-only", "only look")
    .addHelpText("after", "\nExamples:\n  glovebox attach\n  glovebox attach 1 --detach-keys ctrl-]\n")
    .action(
      cli.act(async (reference: string | undefined, options: AttachOptions) => {
        const { openRunPlace } = await import("../../run/run-place.ts");
        const { defaultDetachKeys } = await import("../../inside/attach/detach-keys.ts");
        return await (await openRunPlace(cli.terminal)).attach({
          reference,
          provider: options.provider,
          terminal: cli.terminal,
          detachKeys: options.detachKeys ?? defaultDetachKeys,
          isReadOnly: options.readOnly ?? false,
        });
      }),
    );
}
