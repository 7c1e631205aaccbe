import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { type EntryOptions, withEntryOptions } from "../../inside/entry-options.ts";

interface PortOptions extends EntryOptions {
  readonly json?: boolean;
}

/** `glovebox port`. */
export function portCommand(cli: Cli): Command {
  const command = new Command("port")
    .summary("forward ports of the sandbox of a run to this machine")
    .description(
      "Forward TCP ports of the sandbox to this machine's loopback, for any protocol, and print their addresses. It lasts until " +
        "Ctrl-C or the end of the sandbox. Every user of this machine can connect meanwhile; `glovebox open` keeps others out.",
    );
  return withEntryOptions(command)
    .argument(
      "[port...]",
      "the port, or this machine's and the sandbox's: 3000, 8080:3000, 0:3000 for a free one (default: all that something listens on)",
    )
    .option("--json", "print each address as one object")
    .addHelpText("after", "\nExamples:\n  glovebox port 1 5432\n  glovebox port 1 8080:3000 0:9229\n")
    .action(
      cli.act(async (reference: string | undefined, ports: readonly string[], options: PortOptions) => {
        const { enterSandbox } = await import("../../inside/enter-sandbox.ts");
        const { forwardPorts } = await import("../../inside/ports/forward-ports.ts");
        const { parsePortMapping } = await import("../../inside/ports/port-mapping.ts");
        const { requireCapability } = await import("../../inside/require-capability.ts");
        const { untilInterrupted } = await import("../../inside/until-interrupted.ts");
        const { terminal } = cli;
        const { provider: name, json = false } = options;
        const mappings = ports.map(parsePortMapping);
        return await untilInterrupted((signal) =>
          enterSandbox({ reference, provider: name, terminal, signal }, async ({ sandbox, provider }) => {
            await requireCapability(provider, "endpoint");
            return await forwardPorts(sandbox, { mappings, json, terminal, signal });
          }),
        );
      }),
    );
}
