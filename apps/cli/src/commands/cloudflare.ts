import { Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import type { DeployOptions } from "../cloudflare/deploy-project.ts";
import type { DestroyOptions } from "../cloudflare/destroy-project.ts";
import type { DevOptions } from "../cloudflare/dev-project.ts";
import type { InitOptions } from "../cloudflare/init-project.ts";
import type { StatusOptions } from "../cloudflare/worker-status.ts";
import { parsePort } from "../config/option-values.ts";

const folder = "the project's folder; this one, or ./glovebox-cloudflare";

/** `glovebox cloudflare init|dev|deploy|status|destroy`. */
export function cloudflareCommand(cli: Cli): Command {
  const command = new Command("cloudflare")
    .summary("run sandboxes in Cloudflare containers, by a Worker of your own")
    .description(
      "Sandboxes in Cloudflare containers, behind a Worker of your own. `init` writes its project, `dev` serves it on this " +
        "machine, `deploy` puts it on Cloudflare. Then: `glovebox run --provider cloudflare`.",
    );
  for (const make of [initCommand, devCommand, deployCommand, statusCommand, destroyCommand]) {
    command.addCommand(make(cli));
  }
  return command;
}

function initCommand(cli: Cli): Command {
  return new Command("init")
    .description(
      "Writes the project of a Worker. Run again after an update, it brings the files that you have not changed up to date, " +
        "and shows how those that you changed differ.",
    )
    .argument("[dir]", "where to (default: ./glovebox-cloudflare)")
    .option("--name <name>", "the Worker's name (default: the folder's)")
    .addOption(
      new Option(
        "--managed-image",
        "start containers from Cloudflare's own image: no deploy needs Docker, and the first run takes longer",
      ).conflicts("ownImage"),
    )
    .option("--own-image", "start containers from an image of your own again")
    .option("--force", "write over what you changed")
    .option("-y, --yes", "install what is missing without asking")
    .option("--json", "what was written, as one object")
    .action(
      cli.act(async (dir: string | undefined, options: InitOptions) => {
        const { initProject } = await import("../cloudflare/init-project.ts");
        return await initProject(dir, options, cli.terminal);
      }),
    );
}

function devCommand(cli: Cli): Command {
  return new Command("dev")
    .description(
      "Serves the Worker on this machine with the real `wrangler dev` and containers of the local Docker engine, until " +
        "Ctrl-C. Makes a key, and prints what to set to use it. Needs no account.",
    )
    .argument("[dir]", folder)
    .addOption(new Option("--port <n>", "where it answers, on this machine alone").argParser(parsePort).default(8787))
    .option("--verbose", "show what wrangler and the Worker print")
    .option("-y, --yes", "install what is missing without asking")
    .option("--json", "the address and the key, as one object, when it answers")
    .action(
      cli.act(async (dir: string | undefined, options: DevOptions) => {
        const { devProject } = await import("../cloudflare/dev-project.ts");
        return await devProject(dir, options, cli.terminal);
      }),
    );
}

function deployCommand(cli: Cli): Command {
  return new Command("deploy")
    .description(
      "Deploys the Worker with wrangler, gives it its key as a secret, waits until it answers, and says what to put into " +
        "your configuration. Needs CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_ID and the Workers Paid plan.",
    )
    .argument("[dir]", folder)
    .option("--dry-run", "put everything together, and deploy nothing")
    .option("--save", "write the address and the key into your config.json")
    .option("--new-key", "make a new key, although the Worker has one")
    .option("--execute", "give the Worker your ANTHROPIC_API_KEY as a secret, for POST /execute")
    .option("--url <url>", "where it answers, if not on workers.dev")
    .option("-y, --yes", "install what is missing without asking, and save")
    .option("--json", "the address and the key, as one object")
    .action(
      cli.act(async (dir: string | undefined, options: DeployOptions) => {
        const { deployProject } = await import("../cloudflare/deploy-project.ts");
        return await deployProject(dir, options, cli.terminal);
      }),
    );
}

function statusCommand(cli: Cli): Command {
  return new Command("status")
    .description("Says which version of the Worker answers, what its sandboxes may cost, and which there are.")
    .option("--url <url>", "the Worker's address (default: GLOVEBOX_CLOUDFLARE_URL, or your config.json)")
    .option("--json", "one object")
    .action(
      cli.act(async (options: StatusOptions) => {
        const { printWorkerStatus } = await import("../cloudflare/worker-status.ts");
        return await printWorkerStatus(options, cli.terminal);
      }),
    );
}

function destroyCommand(cli: Cli): Command {
  return new Command("destroy")
    .description("Destroys every sandbox of the Worker with what is in it, then removes the Worker from Cloudflare.")
    .argument("[dir]", folder)
    .option("--url <url>", "the Worker's address (default: GLOVEBOX_CLOUDFLARE_URL, or your config.json)")
    .option("-y, --yes", "do not ask")
    .action(
      cli.act(async (dir: string | undefined, options: DestroyOptions) => {
        const { destroyProject } = await import("../cloudflare/destroy-project.ts");
        return await destroyProject(dir, options, cli.terminal);
      }),
    );
}
