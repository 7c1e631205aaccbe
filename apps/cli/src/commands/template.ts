import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { harnessOption, providerOption } from "../options/provider-options.ts";
import { runOptions } from "../options/run-options.ts";
import { pluginOptions } from "../plugins/plugin-options.ts";
import type { BuildTemplateOptions } from "../run/build-template.ts";

/** `glovebox template build`. */
export function templateCommand(cli: Cli): Command {
  return new Command("template")
    .summary("build the template that sandboxes start from")
    .description("Build what sandboxes start from: an image or a template, depending on the provider.")
    .addCommand(buildCommand(cli));
}

function buildCommand(cli: Cli): Command {
  const command = new Command("build")
    .description("Build the template for a run with the same options, even if it exists. Later runs find it.")
    .addOption(providerOption())
    .addOption(harnessOption())
    .option("-y, --yes", "install missing tools without asking")
    .option("--json", "print the template as one object");
  const baseOptions = runOptions("template", "image", "dockerfile", "buildArg");
  for (const option of [...baseOptions, ...pluginOptions(cli, "provider")]) command.addOption(option);
  return command.action(
    cli.act(async (options: BuildTemplateOptions) => {
      const { buildTemplate } = await import("../run/build-template.ts");
      return await buildTemplate({ ...options, rebuild: true }, cli.terminal);
    }),
  );
}
