import { SandboxError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { safeLine } from "@glovebox/core/text";
import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { runReference } from "../options/run-reference.ts";

/** A run that is stopping reports progress within this time, unless its process is suspended. */
const longestSilenceMs = 4 * 60_000;

interface StopOptions {
  readonly force?: boolean;
}

/** `glovebox stop`. */
export function stopCommand(cli: Cli): Command {
  return new Command("stop")
    .summary("stop a running run")
    .description(
      "Stop a run the way Ctrl-C would in its own terminal: collect the files, remove the sandbox, and wait for the end.",
    )
    .argument("[run]", `${runReference} (default: the run of the current directory)`)
    .option("--force", "destroy the sandbox at once; uncollected files are discarded")
    .action(
      cli.act(async (reference: string | undefined, options: StopOptions) => {
        const { createRunStore } = await import("@glovebox/core");
        const { findRun } = await import("../run/find-run.ts");
        const { runName } = await import("../runs/run-name.ts");
        const { env, cwd, stdout, stderr } = cli.terminal;
        const store = createRunStore(stateDirectory(env));
        const run = await findRun(store, reference, cwd);
        const name = runName(run.runDirectory);
        if (!run.isAlive) {
          stderr.line(
            `The run ${name} is not running.${run.isLeftBehind ? " `glovebox reap` removes its sandbox." : ""}`,
          );
          return 0;
        }
        const requestedAt = new Date().toISOString();
        await store.stop(run.runId, { force: options.force ?? false });
        stderr.line(`Stopping ${name}`);
        const silent = new AbortController();
        const timer = setTimeout(() => silent.abort(), longestSilenceMs);
        for await (const event of store.events(run.runId, { follow: true, signal: silent.signal })) {
          timer.refresh();
          if (event.type === "run.progress" && event.time >= requestedAt) stderr.line(`  ${safeLine(event.message)}`);
        }
        clearTimeout(timer);
        if (silent.signal.aborted) throw notResponding(name);
        stdout.line(run.runId);
        return 0;
      }),
    );
}

function notResponding(name: string): SandboxError {
  return new SandboxError("internal", `The run ${name} does not respond: its process is suspended or hangs`, {
    hint: "Resume its process (fg, kill -CONT), or end it with kill -9; `glovebox reap` then collects its files.",
  });
}
