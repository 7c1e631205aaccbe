import { Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import { gather } from "../config/option-values.ts";
import type { ImageBuildOptions, RemoveImageOptions } from "../run/image-actions.ts";

/** `glovebox image build|ls|rm`. */
export function imageCommand(cli: Cli): Command {
  return new Command("image")
    .summary("build, list and remove sandbox images")
    .description(
      "The images that sandboxes start from. A run builds its own when it is missing; this does it ahead of time.",
    )
    .addCommand(buildCommand(cli))
    .addCommand(listCommand(cli))
    .addCommand(removeCommand(cli));
}

function buildCommand(cli: Cli): Command {
  return new Command("build")
    .description("Builds the image for a run with the same options, unless it is there.")
    .addOption(new Option("--image <name>", "start from this image").env("GLOVEBOX_IMAGE"))
    .addOption(
      new Option("--dockerfile <file>", "start from this Dockerfile; its folder is the context").env(
        "GLOVEBOX_DOCKERFILE",
      ),
    )
    .addOption(new Option("--build-arg <key=value>", "a build argument (repeatable)").argParser(gather))
    .option("--rebuild", "build it again although it is there")
    .option("-y, --yes", "install what is missing without asking")
    .option("--json", "the template as one object")
    .action(
      cli.act(async (options: ImageBuildOptions) => {
        const { buildImage } = await import("../run/image-actions.ts");
        return await buildImage(options, cli.terminal);
      }),
    );
}

function listCommand(cli: Cli): Command {
  return new Command("ls")
    .description("Lists the images that Glovebox made, the newest first.")
    .option("--json", "one object a line")
    .action(
      cli.act(async (options: { readonly json?: boolean }) => {
        const { printImages } = await import("../run/image-actions.ts");
        return await printImages(options, cli.terminal);
      }),
    );
}

function removeCommand(cli: Cli): Command {
  return new Command("rm")
    .description(
      "Removes images that Glovebox made: those named, with --old the sandbox images that this version takes no more, or with --all every one that is not in use.",
    )
    .argument("[image...]", "ids or references")
    .option("--old", "sandbox images older than the one that this version takes")
    .option("-a, --all", "every one that is not in use")
    .action(
      cli.act(async (references: readonly string[], options: RemoveImageOptions) => {
        const { removeGloveboxImages } = await import("../run/image-actions.ts");
        return await removeGloveboxImages(references, options, cli.terminal);
      }),
    );
}
