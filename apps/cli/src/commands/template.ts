import { Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import { gather } from "../config/option-values.ts";
import type { ImageBuildOptions } from "../run/image-actions.ts";

/** `glovebox template build`. */
export function templateCommand(cli: Cli): Command {
  return new Command("template")
    .summary("build the template that sandboxes start from, on any provider")
    .description("What sandboxes start from: an image on Docker, a template on E2B.")
    .addCommand(buildCommand(cli));
}

function buildCommand(cli: Cli): Command {
  return new Command("build")
    .description("Builds the template for a run with the same options, also where one is there. Runs find it again.")
    .addOption(new Option("--provider <name>", "where (default: docker)").env("GLOVEBOX_PROVIDER"))
    .option("--template <name>", "start from this template of the provider")
    .addOption(new Option("--image <name>", "start from this image").env("GLOVEBOX_IMAGE"))
    .addOption(
      new Option("--dockerfile <file>", "start from this Dockerfile; its folder is the context").env(
        "GLOVEBOX_DOCKERFILE",
      ),
    )
    .addOption(new Option("--build-arg <key=value>", "a build argument (repeatable)").argParser(gather))
    .option("--e2b-api-key <key>", "E2B's key; visible in the process list, so prefer E2B_API_KEY")
    .option("-y, --yes", "install what is missing without asking")
    .option("--json", "the template as one object")
    .action(
      cli.act(async (options: ImageBuildOptions) => {
        const { buildImage } = await import("../run/image-actions.ts");
        return await buildImage({ ...options, rebuild: true }, cli.terminal);
      }),
    );
}
