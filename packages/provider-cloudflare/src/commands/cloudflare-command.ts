import type { CommandArgument, CommandOption, PluginCommand } from "@glovebox/core/plugin";
import type { DeployOptions } from "./deploy-project.ts";
import type { DestroyOptions } from "./destroy-project.ts";
import type { DevOptions } from "./dev-project.ts";
import type { InitOptions } from "./init-project.ts";
import type { StatusOptions } from "./print-status.ts";

const project: CommandArgument = {
  syntax: "[dir]",
  help: "the project's directory (default: the current one, or ./glovebox-cloudflare)",
};
const install: CommandOption = { flags: "-y, --yes", help: "install missing tools without asking" };
const address: CommandOption = {
  flags: "--url <url>",
  help: "the Worker's address (default: GLOVEBOX_CLOUDFLARE_URL, or your config.json)",
};

/** `glovebox cloudflare init|dev|deploy|status|destroy`. */
export const cloudflareCommand: PluginCommand = {
  name: "cloudflare",
  description:
    "Run sandboxes in Cloudflare containers, behind a Worker of your own. `init` writes its project, `dev` serves it on " +
    "this machine, `deploy` deploys it to Cloudflare. Then: `glovebox run --provider cloudflare`.",
  commands: [initCommand(), devCommand(), deployCommand(), statusCommand(), destroyCommand()],
};

function initCommand(): PluginCommand {
  return {
    name: "init",
    description:
      "Write the project of a Worker. Run again after an update, it updates the files that you have not changed and shows " +
      "how the changed ones differ.",
    arguments: [{ syntax: "[dir]", help: "where to write it (default: ./glovebox-cloudflare)" }],
    options: [
      { flags: "--name <name>", help: "the Worker's name (default: the directory's)" },
      {
        flags: "--managed-image",
        help: "start containers from Cloudflare's own image: deploying needs no Docker, and the first run takes longer",
        conflicts: ["ownImage"],
      },
      { flags: "--own-image", help: "start containers from an image of your own again" },
      { flags: "--force", help: "overwrite files that you changed" },
      install,
      { flags: "--json", help: "print what was written as one object" },
    ],
    run: async ({ args: [dir], options }, context) => {
      const { initProject } = await import("./init-project.ts");
      return await initProject(dir as string | undefined, options as InitOptions, context);
    },
  };
}

function devCommand(): PluginCommand {
  return {
    name: "dev",
    description:
      "Serve the Worker on this machine with the real `wrangler dev` and containers of the local Docker engine, until " +
      "Ctrl-C. Creates a key, and prints the variables to set to use it. Needs no account.",
    arguments: [project],
    options: [
      { flags: "--port <n>", help: "the port to listen on, on this machine only", default: 8787, parse: parsePort },
      { flags: "--verbose", help: "show the output of wrangler and the Worker" },
      install,
      { flags: "--json", help: "print the address and the key as one object once it is serving" },
    ],
    run: async ({ args: [dir], options }, context) => {
      const { devProject } = await import("./dev-project.ts");
      return await devProject(dir as string | undefined, options as unknown as DevOptions, context);
    },
  };
}

function deployCommand(): PluginCommand {
  return {
    name: "deploy",
    description:
      "Deploy the Worker with wrangler, set its key as a secret, wait until it answers, and print what to add to your " +
      "configuration. Needs CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_ID and the Workers Paid plan.",
    arguments: [project],
    options: [
      { flags: "--dry-run", help: "build everything, and deploy nothing" },
      { flags: "--save", help: "save the address and the key in your config.json" },
      { flags: "--new-key", help: "create a new key even if the Worker has one" },
      { flags: "--execute", help: "give the Worker your ANTHROPIC_API_KEY as a secret, for POST /execute" },
      { flags: "--url <url>", help: "the Worker's address, if it is not on workers.dev" },
      { flags: "-y, --yes", help: "install missing tools without asking, and save" },
      { flags: "--json", help: "print the address and the key as one object" },
    ],
    run: async ({ args: [dir], options }, context) => {
      const { deployProject } = await import("./deploy-project.ts");
      return await deployProject(dir as string | undefined, options as DeployOptions, context);
    },
  };
}

function statusCommand(): PluginCommand {
  return {
    name: "status",
    description: "Show the Worker's version, the cost limits and the current sandboxes.",
    options: [address, { flags: "--json", help: "print one object" }],
    run: async ({ options }, context) => {
      const { printWorkerStatus } = await import("./print-status.ts");
      return await printWorkerStatus(options as StatusOptions, context);
    },
  };
}

function destroyCommand(): PluginCommand {
  return {
    name: "destroy",
    description: "Destroy every sandbox of the Worker, with its files, then remove the Worker from Cloudflare.",
    arguments: [project],
    options: [address, { flags: "-y, --yes", help: "skip the prompt" }],
    run: async ({ args: [dir], options }, context) => {
      const { destroyProject } = await import("./destroy-project.ts");
      return await destroyProject(dir as string | undefined, options as DestroyOptions, context);
    },
  };
}

function parsePort(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > 65_535) throw new TypeError("Expected a port from 1 to 65535.");
  return value;
}
