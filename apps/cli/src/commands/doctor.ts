import { Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import type { DoctorOptions } from "../run/examine.ts";

/** `glovebox doctor`. */
export function doctorCommand(cli: Cli): Command {
  return new Command("doctor")
    .summary("see whether a run can start here, and what to do if not")
    .description(
      "Looks at the engine, the image, the keys, the disk and the versions: each line is ok or says what to do. Exits with 0 " +
        "when a run can start or something is merely not set up yet, with 3 when a run cannot start.",
    )
    .addOption(new Option("--provider <name>", "which provider (default: docker)").env("GLOVEBOX_PROVIDER"))
    .option("--e2b-api-key <key>", "E2B's key; visible in the process list, so prefer E2B_API_KEY")
    .option("--fix", "set up what is missing: install and start an engine, build the image")
    .option("-y, --yes", "do not ask before installing")
    .option("--json", "one object a line")
    .action(
      cli.act(async (options: DoctorOptions) => {
        const { examine } = await import("../run/examine.ts");
        return await examine(options, cli.terminal);
      }),
    );
}
