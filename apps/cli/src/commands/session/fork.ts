import { parseCount } from "@glovebox/core/run-settings";
import { Command, Option } from "commander";
import type { Cli } from "../../cli.ts";
import type { RunOptions } from "../../config/run-options.ts";
import { exitCodesHelp } from "../../exit-codes.ts";
import { argument } from "../../options/argument.ts";
import { addBriefHelp } from "../../options/brief-help.ts";
import { allRunOptions, briefRunOptions } from "../../options/run-options.ts";
import { runReference } from "../../options/run-reference.ts";
import { pluginOptions } from "../../plugins/plugin-options.ts";

const examples = `Examples:
  glovebox fork 1 --count 4 "Make it faster"
  glovebox fork 1 "Use a table instead" "Use a list instead"
  glovebox run --keep-snapshot "Read the code" && glovebox fork 1 --count 8 "Find a bug"
`;

const prose = `
Each fork is a run of its own, with its own id, output directory and session. With --output, the files of each fork go to a directory
with the name of its run id in that directory.

If the run has a sandbox on this provider, because it was kept (\`--keep\`) or because it is still running, a snapshot of the sandbox is
made once, and all forks start from it, with everything that was installed or changed there. The sandbox stands still meanwhile
and stays the run's. The snapshot is removed when the forks have ended. To make one takes as long as copying all that was written
in the sandbox; a run with --keep-snapshot makes it at its own end, and its forks do not wait for it. To start a fork from a
snapshot takes as long as to start a new sandbox, whatever the size of the workspace.

Otherwise each fork gets a new sandbox with the project, the files that the run brought back, and its conversation, as \`resume\` does.

Other options are those of run; the workspace, the provider and the harness are by default those of the run.
`;

interface ForkOptions extends RunOptions {
  readonly count?: number;
  readonly concurrency?: number;
}

/** `glovebox fork`. */
export function forkCommand(cli: Cli): Command {
  const command = new Command("fork")
    .summary("continue a run several ways at the same time")
    .description("Continue a run several ways from one point, each as a run of its own, and list what came of them.")
    .usage("[options] <run> [prompt...]")
    .argument("<run>", runReference)
    .argument("[prompt...]", "what the agents should do next; several prompts give each its own forks");
  const own = [
    forkOption("--count <n>", "how many forks each prompt gets (default: 2; 1 with several prompts)"),
    forkOption("--concurrency <n>", "how many forks run at the same time (default: 8)"),
  ];
  for (const option of [...own, ...allRunOptions(), ...pluginOptions(cli)]) command.addOption(option);
  addBriefHelp(command, { brief: `\n${examples}`, whole: `${prose}\n${examples}\n${exitCodesHelp()}` }, () => [
    ...own,
    ...briefRunOptions(),
  ]);
  return command.action(
    cli.act(async (reference: string, prompts: readonly string[], { count, concurrency, ...options }: ForkOptions) => {
      const { openRunPlace } = await import("../../run/run-place.ts");
      const { passedThrough: extraArgs, terminal } = cli;
      const place = await openRunPlace(terminal);
      return await place.fork({ reference, prompts, count, concurrency, options, extraArgs, terminal });
    }),
  );
}

function forkOption(flags: string, help: string): Option {
  return new Option(flags, help).argParser(argument(parseCount)).helpGroup("Forks:");
}
