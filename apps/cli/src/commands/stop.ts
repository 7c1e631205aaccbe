import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { homeFolder } from "../config/home-folder.ts";
import { safeLine } from "../print/safe-text.ts";

interface StopOptions {
  readonly force?: boolean;
}

/** `glovebox stop`. */
export function stopCommand(cli: Cli): Command {
  return new Command("stop")
    .summary("end a run that goes on")
    .description(
      "Ends a run as Ctrl-C does where it was started: the files are brought back, the sandbox is removed. Waits for its end.",
    )
    .argument("[run]", "its id, the beginning or end of it, or its number in ps; this folder's run otherwise")
    .option("--force", "destroy the sandbox at once; what was not collected is lost")
    .action(
      cli.act(async (reference: string | undefined, options: StopOptions) => {
        const { createRunStore } = await import("@glovebox/core");
        const { findRun } = await import("../run/find-run.ts");
        const { env, cwd, stdout, stderr } = cli.terminal;
        const store = createRunStore(homeFolder(env));
        const run = await findRun(store, reference, cwd);
        if (!run.isAlive) {
          stderr.line(
            `The run ${run.runId} does not go on.${run.isLeftBehind ? " glovebox reap removes its sandbox." : ""}`,
          );
          return 0;
        }
        const asked = new Date().toISOString();
        await store.stop(run.runId, { force: options.force ?? false });
        stderr.line(`Stopping ${run.runId}`);
        for await (const event of store.events(run.runId, { follow: true })) {
          if (event.type === "run.progress" && event.time >= asked) stderr.line(`  ${safeLine(event.message)}`);
        }
        stdout.line(run.runId);
        return 0;
      }),
    );
}
