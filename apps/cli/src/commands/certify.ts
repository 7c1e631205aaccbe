import { parseValue } from "@glovebox/core/run-settings";
import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { argument } from "../options/argument.ts";
import type { CertifyCommandOptions } from "../plugins/certify-provider.ts";

/** `glovebox certify`. */
export function certifyCommand(cli: Cli): Command {
  return new Command("certify")
    .summary("run the conformance suite against a provider")
    .description(
      "Run the conformance suite against a provider: the real one, with the settings that a run would use. It creates and " +
        "removes many sandboxes. Needs the package @glovebox/provider-testkit. Exits with 1 when a case fails.",
    )
    .argument("<provider>", "as for run: a name, a package, or a path")
    .option(
      "--only <words>",
      "run only cases whose names contain one of these, separated by commas (repeatable)",
      argument((text, before) => parseValue("tools", text, before)),
    )
    .option("--report <path>", "write the report to this path plus .json and .md")
    .option("--json", "print one object per case, then the report")
    .action(
      cli.act(async (provider: string, options: CertifyCommandOptions) => {
        const { certifyProvider } = await import("../plugins/certify-provider.ts");
        return await certifyProvider(provider, options, cli.terminal);
      }),
    );
}
