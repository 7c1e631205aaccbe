import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { homeFolder } from "../config/home-folder.ts";

/** `glovebox serve`: the server's own options, which this command does not know. */
export function serveCommand(cli: Cli): Command {
  return new Command("serve")
    .summary("serve runs, and E2B's protocol, over HTTP")
    .description(
      "Starts the server of @glovebox/server: E2B's protocol, so that programs written for E2B run on this machine, and " +
        "a small API for runs. `glovebox serve --help` lists its options.",
    )
    .helpOption(false)
    .argument("[options...]", "see `glovebox serve --help`")
    .allowUnknownOption()
    .passThroughOptions()
    .action(
      cli.act(async (argv: readonly string[]) => {
        const { loadServer } = await import("../run/load-server.ts");
        const { env, cwd } = cli.terminal;
        const serve = await loadServer(homeFolder(env));
        return await serve(argv, { env, cwd, stdout: process.stdout, stderr: process.stderr, name: "glovebox serve" });
      }),
    );
}
