import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { type EntryOptions, withEntryOptions } from "../../inside/entry-options.ts";

interface SnapshotOptions extends EntryOptions {
  readonly json?: boolean;
}

/** `glovebox snapshot`. */
export function snapshotCommand(cli: Cli): Command {
  const command = new Command("snapshot")
    .summary("keep the files of a sandbox as a template")
    .description(
      "Keep the files of the sandbox of a run as they are, as a template for other runs, and print its name. Everything in the " +
        "sandbox stands still meanwhile. What is in memory is not kept. It stays until you remove it with the provider's own tools.",
    );
  return withEntryOptions(command)
    .option("--json", "print the template as one object")
    .addHelpText(
      "after",
      '\nExamples:\n  glovebox snapshot 1\n  glovebox run --image "$(glovebox snapshot 1)" "Try it another way"\n',
    )
    .action(
      cli.act(async (reference: string | undefined, options: SnapshotOptions) => {
        const { enterSandbox } = await import("../../inside/enter-sandbox.ts");
        const { requireCapability } = await import("../../inside/require-capability.ts");
        const { untilInterrupted } = await import("../../inside/until-interrupted.ts");
        const { terminal } = cli;
        return await untilInterrupted((signal) =>
          enterSandbox({ reference, provider: options.provider, terminal, signal }, async ({ sandbox, provider }) => {
            await requireCapability(provider, "snapshot");
            const template = await sandbox.snapshot({ signal });
            if (options.json) terminal.stdout.json(template);
            else terminal.stdout.line(template.reference);
            return 0;
          }),
        );
      }),
    );
}
