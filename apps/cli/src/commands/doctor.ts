import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { harnessOption, providerOption } from "../options/provider-options.ts";
import { pluginOptions } from "../plugins/plugin-options.ts";
import type { DoctorOptions } from "../run/doctor.ts";

/** `glovebox doctor`. */
export function doctorCommand(cli: Cli): Command {
  const command = new Command("doctor")
    .summary("check whether a run can start here, and what to do if not")
    .description(
      "Check the provider, its template, the credentials, the configuration and the versions: each line is ok or says what " +
        "to do. Exits with 0 when a run can start, also when something is only not set up yet, and with 3 when it cannot.",
    )
    .addOption(providerOption())
    .addOption(harnessOption())
    .option("--fix", "set up what is missing: install and start what the provider needs, build the template")
    .option("-y, --yes", "do not ask before installing")
    .option("--json", "print one object per line");
  for (const option of pluginOptions(cli)) command.addOption(option);
  return command.action(
    cli.act(async (options: DoctorOptions) => {
      const { runDoctor } = await import("../run/doctor.ts");
      return await runDoctor(options, cli.terminal);
    }),
  );
}
