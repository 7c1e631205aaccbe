import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { harnessOption, providerOption } from "../../options/provider-options.ts";
import { runOptions } from "../../options/run-options.ts";
import { pluginOptions } from "../../plugins/plugin-options.ts";
import type { BuildTemplateOptions } from "../../run/build-template.ts";
import type { InitTemplateOptions } from "../../templates/init-template.ts";
import type { InspectTemplateOptions } from "../../templates/inspect-template.ts";
import type { ListTemplatesOptions } from "../../templates/list-templates.ts";
import type { RemoveTemplatesOptions } from "../../templates/remove-templates.ts";

const nameHelp = "a name of `glovebox template list`; the short one means the template that was built last";
const only = "only what was built with this provider";

/** `glovebox template init|build|list|inspect|remove`. */
export function templateCommand(cli: Cli): Command {
  return new Command("template")
    .summary("describe, build and manage what sandboxes start from")
    .description("Describe, build, list and remove what sandboxes start from, on every provider.")
    .addCommand(initCommand(cli))
    .addCommand(buildCommand(cli))
    .addCommand(listCommand(cli))
    .addCommand(inspectCommand(cli))
    .addCommand(removeCommand(cli));
}

function initCommand(cli: Cli): Command {
  return new Command("init")
    .summary("write a description to start from")
    .description("Write the description of a template, with every part explained.")
    .argument("[file]", "where to write it (default: ./glovebox.template.yaml)")
    .option("--name <name>", "the template's name (default: the directory's)")
    .option("--force", "replace the file if it exists")
    .option("--json", "print the path and the name as one object")
    .action(
      cli.act(async (file: string | undefined, options: InitTemplateOptions) => {
        const { initTemplate } = await import("../../templates/init-template.ts");
        return initTemplate(file, options, cli.terminal);
      }),
    );
}

function buildCommand(cli: Cli): Command {
  const command = new Command("build")
    .summary("build a template from its description")
    .description(
      "Build a template from its description: glovebox.template.yaml, a Dockerfile, a devcontainer.json, or a directory with " +
        "one of them. The same description is built once. Without a description, build what a run with the same options starts from.",
    )
    .argument("[file]", "the description (default: glovebox.template.yaml in the current directory, if there is one)")
    .addOption(providerOption())
    .addOption(harnessOption())
    .option("--rebuild", "build it even if it exists")
    .option("-y, --yes", "install missing tools without asking")
    .option("--json", "print the template as one object");
  const baseOptions = runOptions("template", "image", "dockerfile", "buildArg");
  for (const option of [...baseOptions, ...pluginOptions(cli, "provider")]) command.addOption(option);
  return command.action(
    cli.act(async (file: string | undefined, options: BuildTemplateOptions) => {
      const { buildTemplate } = await import("../../run/build-template.ts");
      // Without a description it is the provider's own, which may have to be renewed.
      return await buildTemplate({ ...options, file, isCommand: true }, cli.terminal);
    }),
  );
}

function listCommand(cli: Cli): Command {
  return new Command("list")
    .alias("ls")
    .summary("list the templates that were built from descriptions")
    .description(
      "List the templates that were built from descriptions, the last one first, and the runs that use them.",
    )
    .option("--provider <name>", only)
    .option("--json", "print one object per line")
    .action(
      cli.act(async (options: ListTemplatesOptions) => {
        const { listTemplates } = await import("../../templates/list-templates.ts");
        return await listTemplates(options, cli.terminal);
      }),
    );
}

function inspectCommand(cli: Cli): Command {
  return new Command("inspect")
    .summary("show what a template is made of")
    .description("Show the description of a template, and its digest, size and layers at each provider.")
    .argument("<template>", nameHelp)
    .option("--provider <name>", only)
    .option("--json", "print one object")
    .action(
      cli.act(async (name: string, options: InspectTemplateOptions) => {
        const { inspectTemplate } = await import("../../templates/inspect-template.ts");
        return await inspectTemplate(name, options, cli.terminal);
      }),
    );
}

function removeCommand(cli: Cli): Command {
  return new Command("remove")
    .alias("rm")
    .summary("remove templates that no sandbox uses")
    .description("Remove templates that were built from descriptions, and nothing else. The descriptions stay.")
    .argument("<template...>", nameHelp)
    .option("--provider <name>", only)
    .option("--force", "also while a sandbox uses it; the sandbox continues")
    .action(
      cli.act(async (names: readonly string[], options: RemoveTemplatesOptions) => {
        const { removeTemplates } = await import("../../templates/remove-templates.ts");
        return await removeTemplates(names, options, cli.terminal);
      }),
    );
}
