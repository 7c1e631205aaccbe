import type { RunSettingName } from "@glovebox/core/run-settings";
import { Command, Option } from "commander";
import type { SyncMode } from "../../acp/changes/sync-changes.ts";
import type { Cli } from "../../cli.ts";
import type { RunOptions } from "../../config/run-options.ts";
import { exitCodesHelp } from "../../exit-codes.ts";
import { addBriefHelp } from "../../options/brief-help.ts";
import { allRunOptions, briefRunOptions } from "../../options/run-options.ts";
import { pluginOptions } from "../../plugins/plugin-options.ts";

/** What the editor gives, and what asks or prints at a terminal. */
const left: ReadonlySet<string> = new Set<RunSettingName>([
  ...(["prompt", "promptFile", "workspace", "directory", "jsonSchema", "choose", "interactive", "detach"] as const),
  ...(["dryRun", "json", "quiet", "verbose", "publish", "keepSnapshot", "noInput"] as const),
]);

const examples = `Examples:
  glovebox acp
  glovebox acp --harness codex --sync live --max-cost 5
`;

const prose = `
The editor starts this command and speaks the Agent Client Protocol with it on standard input and output. Each prompt is a run with a copy of
the editor's directory, which continues the run of the prompt before. \`glovebox ps\` lists these runs.

--sync says when the agent's changes are written to the directory: \`ask\` asks in the editor after each prompt, \`live\` writes them after each
prompt, and \`end\` writes them when the session ends. A file that you changed meanwhile is left alone, and files that can make your machine
execute something are always asked for. \`glovebox apply\` writes what was not written.

With --output, the files of each run go to a directory with the name of its run id in that directory. Without it
they are kept with the run's record.
`;

/** `glovebox acp`. */
export function acpCommand(cli: Cli): Command {
  const command = new Command("acp")
    .summary("let an editor use the agent in a sandbox")
    .description("Speak the Agent Client Protocol with an editor, whose prompts an agent answers in a sandbox.")
    .usage("[options] [-- <argument of the agent...>]");
  for (const option of [syncOption(), ...shared(allRunOptions()), ...pluginOptions(cli)]) command.addOption(option);
  addBriefHelp(command, { brief: `\n${examples}`, whole: `${prose}\n${examples}\n${exitCodesHelp()}` }, () => [
    syncOption(),
    ...shared(briefRunOptions()),
  ]);
  return command.action(
    cli.act(async ({ sync, ...options }: RunOptions & { readonly sync: SyncMode }) => {
      const { serveEditor } = await import("../../acp/serve-editor.ts");
      const { passedThrough: extraArgs, terminal } = cli;
      return await serveEditor({ options, sync, extraArgs, terminal });
    }),
  );
}

function syncOption(): Option {
  const modes: readonly SyncMode[] = ["ask", "live", "end"];
  return new Option(
    "--sync <when>",
    "when changes are written to the directory: ask after each prompt, live, or at the end",
  )
    .choices(modes)
    .default("ask");
}

function shared(options: readonly Option[]): readonly Option[] {
  const taken = options.filter((option) => !left.has(option.attributeName()));
  for (const option of taken) {
    if (option.attributeName() === "output")
      option.description = "where to write the files of each run, by its id (default: beside its record)";
  }
  return taken;
}
