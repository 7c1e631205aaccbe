import { Argument, Command } from "commander";
import type { Cli } from "../cli.ts";
import { completionScripts, completionShells } from "../completion/completion-scripts.ts";

/** `glovebox completion`. */
export function completionCommand(cli: Cli): Command {
  return new Command("completion")
    .summary("print a script that completes commands in your shell")
    .description(
      "Print a script with which your shell completes commands, options, their values, runs and the commands of plugins. " +
        "The script for PowerShell (7.3 or later) is not tested.",
    )
    .addArgument(new Argument("<shell>", "your shell").choices(completionShells))
    .addHelpText(
      "after",
      `
For this shell, and in its start-up file for every one:
  bash   source <(glovebox completion bash)
  zsh    source <(glovebox completion zsh)
  fish   glovebox completion fish | source
  pwsh   glovebox completion pwsh | Out-String | Invoke-Expression
`,
    )
    .action(
      cli.act(async (shell: (typeof completionShells)[number]) => {
        cli.terminal.stdout.write(completionScripts[shell]);
        return 0;
      }),
    );
}
