import type { CommandOption, PluginCommand } from "@glovebox/core/plugin";
import type { ListImageOptions, RemoveImageOptions } from "./image-actions.ts";
import type { PushImageOptions } from "./push-images.ts";

const allOwners: CommandOption = {
  flags: "--all-owners",
  help: "include images of other users, state directories and servers of this engine",
};

const baseOptions: readonly CommandOption[] = [
  { flags: "--image <name>", help: "start from this image", env: "GLOVEBOX_IMAGE" },
  {
    flags: "--dockerfile <file>",
    help: "start from this Dockerfile; its directory is the build context",
    env: "GLOVEBOX_DOCKERFILE",
  },
  {
    flags: "--build-arg <key=value>",
    help: "set a build argument (repeatable)",
    parse: (text, previous) => [...((previous as readonly string[] | undefined) ?? []), text],
  },
];

/** `glovebox image build|push|ls|rm`. */
export const imageCommand: PluginCommand = {
  name: "image",
  description:
    "Build, push, list and remove the images that sandboxes start from. A run builds a missing image itself; this does it ahead of time.",
  commands: [buildCommand(), pushCommand(), listCommand(), removeCommand()],
};

function buildCommand(): PluginCommand {
  return {
    name: "build",
    description: "Build the image for a run with the same options, unless it exists.",
    options: [
      ...baseOptions,
      { flags: "--rebuild", help: "build it even if it exists" },
      { flags: "-y, --yes", help: "install missing tools without asking" },
      { flags: "--json", help: "print the template as one object" },
    ],
    run: async ({ options }, context) => await context.buildTemplate({ ...options, provider: "docker" }),
  };
}

function pushCommand(): PluginCommand {
  return {
    name: "push",
    description:
      "Push the image that a run with the same options starts from to a registry, and the tools image: Glovebox's own programs " +
      "alone, which are copied beside other images. Builds what is missing, and prints each by its digest.",
    arguments: [
      {
        syntax: "[repository]",
        help: "where to, as in registry.example/team/glovebox (default: $GLOVEBOX_REGISTRY); log in with `docker login`",
      },
    ],
    options: [...baseOptions, { flags: "--json", help: "print one object per image" }],
    run: async ({ args: [repository], options }, context) => {
      const { pushImages } = await import("./push-images.ts");
      return await pushImages(repository as string | undefined, options as PushImageOptions, context);
    },
  };
}

function listCommand(): PluginCommand {
  return {
    name: "ls",
    description: "List the images that Glovebox made for this state directory, newest first.",
    options: [allOwners, { flags: "--json", help: "print one object per line" }],
    run: async ({ options }, context) => {
      const { printImages } = await import("./image-actions.ts");
      return await printImages(options as ListImageOptions, context);
    },
  };
}

function removeCommand(): PluginCommand {
  return {
    name: "rm",
    description:
      "Remove images that Glovebox made: the named ones, with --old the sandbox images that this version no longer uses, " +
      "or with --all every image that is not in use.",
    arguments: [{ syntax: "[image...]", help: "ids or references" }],
    options: [
      { flags: "--old", help: "sandbox images older than the one that this version uses" },
      { flags: "-a, --all", help: "every image that is not in use" },
      allOwners,
    ],
    run: async ({ args: [references], options }, context) => {
      const { removeGloveboxImages } = await import("./image-actions.ts");
      return await removeGloveboxImages(references as readonly string[], options as RemoveImageOptions, context);
    },
  };
}
