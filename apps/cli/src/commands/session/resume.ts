import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import type { RunOptions } from "../../config/run-options.ts";
import { exitCodesHelp } from "../../exit-codes.ts";
import { addBriefHelp } from "../../options/brief-help.ts";
import { allRunOptions } from "../../options/run-options.ts";
import { runReference } from "../../options/run-reference.ts";
import { pluginOptions } from "../../plugins/plugin-options.ts";

const examples = `Examples:
  glovebox resume "And now add a test"
  glovebox resume 2 "Try it with a table instead" --model opus
`;

const prose = `
The new run is one of its own: it has its own id, its own output directory and its own limits.

If the earlier run kept its sandbox (\`--keep\`), the new run takes it over, with everything that was installed or changed in it.
At its end the sandbox is removed, unless the new run has \`--keep\` too. This requires the same settings (image, limits, mounts,
network), no environment variables, components or added directories, and a project that you have not changed since, except
by \`glovebox apply\`.

Otherwise a new sandbox gets the project of the earlier run as it is at present, the files that the earlier run brought back,
and its conversation. A file that you changed since stays as you have it. A warning says why a kept sandbox is not used.

Both ways, \`glovebox apply\` then writes the changes of both runs to the project.

Options are those of run; the workspace, the provider and the harness are by default those of the earlier run. With another
--provider it gets a new sandbox there. \`glovebox continue\` is the same command.
`;

/** `glovebox resume`. */
export function resumeCommand(cli: Cli): Command {
  const command = new Command("resume")
    .alias("continue")
    .summary("resume a run with its files and its conversation")
    .description(
      "Run a further prompt with the files and the conversation of an earlier run, in its sandbox if it was kept.",
    )
    .usage("[options] [run] [prompt]")
    .argument("[run]", `${runReference} (default: the newest of the current directory)`)
    .argument("[prompt]", "what the agent should do next");
  for (const option of [...allRunOptions(), ...pluginOptions(cli)]) command.addOption(option);
  addBriefHelp(command, { brief: `\n${examples}`, whole: `${prose}\n${examples}\n${exitCodesHelp()}` });
  return command.action(
    cli.act(async (first: string | undefined, second: string | undefined, options: RunOptions) => {
      const { openRunPlace } = await import("../../run/run-place.ts");
      const { passedThrough: extraArgs, terminal } = cli;
      return await (await openRunPlace(terminal)).resume([first, second], { options, extraArgs, terminal });
    }),
  );
}
