import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { providerOption } from "../options/provider-options.ts";
import { noInputOption } from "../options/run-options.ts";
import type { DemoOptions } from "../run/start-demo.ts";

/** `glovebox demo`. */
export function demoCommand(cli: Cli): Command {
  return new Command("demo")
    .summary("watch a complete run, with or without a key")
    .description(
      "Have the agent build a small web page in a sandbox. With a credential in the environment, a real model does it; " +
        "without one, the real program talks to a scripted model on this machine: everything but the model is the same.",
    )
    .option("--output <dir>", "output directory (default: a new ./glovebox-demo)")
    .addOption(providerOption())
    .option("--scripted", "use the scripted model even if a key is set")
    .option("--json", "print every event to stdout, one JSON object per line (and nothing else)")
    .option("-q, --quiet", "print only where the files are, and errors")
    .option("-y, --yes", "install missing tools without asking")
    .addOption(noInputOption())
    .action(
      cli.act(async (options: DemoOptions) => {
        const { startDemo } = await import("../run/start-demo.ts");
        return await startDemo(options, cli.terminal);
      }),
    );
}
