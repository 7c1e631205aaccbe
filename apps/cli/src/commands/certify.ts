import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { gatherList } from "../config/option-values.ts";
import type { CertifyCommandOptions } from "../plugins/certify-provider.ts";

/** `glovebox certify`. */
export function certifyCommand(cli: Cli): Command {
  return new Command("certify")
    .summary("try a provider against every rule of the contract")
    .description(
      "Runs the conformance suite against a provider: the real one, with the settings that a run would give it. It makes and " +
        "removes many sandboxes. Needs the package @glovebox/provider-testkit. Exits with 1 when a case fails.",
    )
    .argument("<provider>", "as for run: docker, a package, or a path")
    .option("--only <words>", "cases whose names hold one of these, by commas (repeatable)", gatherList)
    .option("--report <path>", "write the report to this path with .json and .md")
    .option("--json", "one object a case, then the report")
    .action(
      cli.act(async (provider: string, options: CertifyCommandOptions) => {
        const { certifyProvider } = await import("../plugins/certify-provider.ts");
        return await certifyProvider(provider, options, cli.terminal);
      }),
    );
}
