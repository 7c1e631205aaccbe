import { Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import type { DemoOptions } from "../run/start-demo.ts";

/** `glovebox demo`. */
export function demoCommand(cli: Cli): Command {
  return new Command("demo")
    .summary("see the whole thing work, with or without a key")
    .description(
      "Lets Claude Code build a small web page in a sandbox. With a credential in the environment it is a real prompt; " +
        "without one the real program speaks to a scripted model on this machine: everything but the model is the same.",
    )
    .option("--output <dir>", "where the files go (default: a fresh ./glovebox-demo)")
    .addOption(new Option("--provider <name>", "where the sandbox runs (default: docker)").env("GLOVEBOX_PROVIDER"))
    .option("--scripted", "use the scripted model although there is a credential")
    .option("--json", "events as NDJSON on stdout, and nothing else there")
    .option("-q, --quiet", "say only where the files are, and what went wrong")
    .option("-y, --yes", "install what is missing without asking")
    .action(
      cli.act(async (options: DemoOptions) => {
        const { startDemo } = await import("../run/start-demo.ts");
        return await startDemo(options, cli.terminal);
      }),
    );
}
