import type { Command } from "commander";

export interface AfterHelp {
  readonly prose: string | undefined;
  /** Indented by two spaces, as in the help. */
  readonly examples: string | undefined;
}

/** The texts that stand after a command's help; the exit codes have a section of their own. */
export function afterHelp(command: Command): AfterHelp {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) });
  showWhole(command);
  const help = command.helpInformation();
  text = "";
  command.outputHelp();
  const after = text
    .slice(help.length)
    .replace(/\nExit codes[\s\S]*$/, "")
    .trim();
  const [prose, examples] = after.split(/^Examples:\n/m);
  return { prose: prose?.trim() || undefined, examples: examples?.trimEnd() };
}

/** Makes a command that has a short help print the whole one from here on. */
function showWhole(command: Command): void {
  try {
    command.parseOptions(["--help-all"]);
  } catch {
    // Like `--help`, it ends the command with an error whose exit code is 0.
  }
}
