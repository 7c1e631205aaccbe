import { stateDirectory } from "@glovebox/core/state";
import { Command } from "commander";
import type { Cli } from "../cli.ts";

/** `glovebox worker`: passes its options on to the worker of the server's package. */
export function workerCommand(cli: Cli): Command {
  return new Command("worker")
    .summary("carry runs of a server")
    .description(
      "Start a worker of @glovebox/server: it takes runs from the database of its servers, on any machine. " +
        "`glovebox worker --help` lists its options.",
    )
    .helpOption(false)
    .argument("[options...]", "see `glovebox worker --help`")
    .allowUnknownOption()
    .passThroughOptions()
    .action(
      cli.act(async (argv: readonly string[]) => {
        const { loadServer } = await import("../run/load-server.ts");
        const { env, cwd } = cli.terminal;
        const serve = await loadServer(stateDirectory(env));
        const streams = { stdout: process.stdout, stderr: process.stderr };
        return await serve(["worker", ...argv], { env, cwd, ...streams, name: "glovebox serve" });
      }),
    );
}
