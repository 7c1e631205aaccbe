import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { type EntryOptions, withEntryOptions } from "../../inside/entry-options.ts";

interface OpenOptions extends EntryOptions {
  readonly browser?: boolean;
}

/** `glovebox open`. */
export function openCommand(cli: Cli): Command {
  const command = new Command("open")
    .summary("open a port of the sandbox of a run on this machine")
    .description(
      "Forward a port of the sandbox to this machine's loopback and print the address, for HTTP and WebSockets. It lasts until " +
        "Ctrl-C or the end of the sandbox. Only who has the address gets in: other users of this machine and other web " +
        "pages do not.",
    );
  return withEntryOptions(command)
    .argument("[port]", "the port in the sandbox (default: the only one that something listens on)")
    .option("--browser", "also open the address in your browser")
    .addHelpText("after", "\nExamples:\n  glovebox open 1 3000\n  glovebox open 1 --browser\n")
    .action(
      cli.act(async (reference: string | undefined, port: string | undefined, options: OpenOptions) => {
        const { enterSandbox } = await import("../../inside/enter-sandbox.ts");
        const { openPort } = await import("../../inside/open-port.ts");
        const { parsePort } = await import("../../inside/parse-port.ts");
        const { requireCapability } = await import("../../inside/require-capability.ts");
        const { untilInterrupted } = await import("../../inside/until-interrupted.ts");
        const { terminal } = cli;
        const { provider: name, browser = false } = options;
        const wanted = port === undefined ? undefined : parsePort(port);
        return await untilInterrupted((signal) =>
          enterSandbox({ reference, provider: name, terminal, signal }, async ({ sandbox, provider }) => {
            await requireCapability(provider, "endpoint");
            return await openPort(sandbox, { port: wanted, browser, terminal, signal });
          }),
        );
      }),
    );
}
