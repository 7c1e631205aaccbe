import type { Command } from "commander";

/** How a command is written, as its help has it, but for options that are only `--help`: `glovebox apply [options] [run] [path...]`. */
export function usageOf(command: Command, name: string): string {
  const usage =
    command.options.length > 0
      ? command.usage()
      : command
          .usage()
          .replace(/^\[options\]/, "")
          .trim();
  return `${name} ${usage}`.trim();
}
