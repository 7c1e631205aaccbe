import type { Command } from "commander";

/** How a command is written: `glovebox apply [options] [run] [path...]`. */
export function usageOf(command: Command, name: string): string {
  const args = command.registeredArguments.map((argument) => {
    const inner = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${inner}>` : `[${inner}]`;
  });
  return [name, ...(command.options.length > 0 ? ["[options]"] : []), ...args].join(" ");
}
