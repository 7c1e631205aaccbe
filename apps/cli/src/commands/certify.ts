import { parseValue } from "@glovebox/core/run-settings";
import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { argument } from "../options/argument.ts";
import type { CertifyCommandOptions } from "../plugins/certification.ts";

/** `glovebox certify`. */
export function certifyCommand(cli: Cli): Command {
  return new Command("certify")
    .summary("run the conformance suite against a provider or a harness")
    .description(
      "Run the conformance suite against a provider or a harness: the real one, with the settings that a run would use. It " +
        "creates and removes many sandboxes. A harness runs its real program against a scripted model; no key is needed. " +
        "Needs the package @glovebox/provider-testkit or @glovebox/harness-testkit. Exits with 1 when a case fails.",
    )
    .argument("<plugin>", "a provider or a harness, as for run: a name, a package, or a path")
    .option("--provider <name>", "where the sandboxes of a harness run (default: as for run)")
    .option(
      "--only <words>",
      "run only cases whose names contain one of these, separated by commas (repeatable)",
      argument((text, before) => parseValue("tools", text, before)),
    )
    .option("--report <path>", "write the report to this path plus .json and .md")
    .option("--json", "print one object per case, then the report")
    .action(
      cli.act(async (plugin: string, options: CertifyCommandOptions) => {
        const { certifyPlugin } = await import("../plugins/certify-plugin.ts");
        return await certifyPlugin(plugin, options, cli.terminal);
      }),
    );
}
