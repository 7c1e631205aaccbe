import { stateDirectory } from "@glovebox/core/state";
import { Command } from "commander";
import type { Cli } from "../cli.ts";

/** `glovebox serve`: passes its options on to the server. */
export function serveCommand(cli: Cli): Command {
  return new Command("serve")
    .summary("serve runs over HTTP")
    .description(
      "Start the server of @glovebox/server: an API for runs, and the protocols that other programs speak. " +
        "`glovebox serve --help` lists its options.",
    )
    .helpOption(false)
    .argument("[options...]", "see `glovebox serve --help`")
    .allowUnknownOption()
    .passThroughOptions()
    .action(
      cli.act(async (argv: readonly string[]) => {
        const { loadServer } = await import("../run/load-server.ts");
        const { env, cwd } = cli.terminal;
        const serve = await loadServer(stateDirectory(env));
        return await serve(argv, { env, cwd, stdout: process.stdout, stderr: process.stderr, name: "glovebox serve" });
      }),
    );
}
