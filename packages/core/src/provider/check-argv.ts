import { InvalidOptionsError } from "../errors/index.ts";

/**
 * Throws `invalid-options` unless `argv` is a program and its arguments, each a string. JavaScript callers often pass a whole
 * command line; the hint shows how to split it, and how to give it to a shell.
 */
export function checkArgv(argv: unknown): asserts argv is readonly [string, ...string[]] {
  if (typeof argv === "string") {
    throw new InvalidOptionsError("`argv` must be an array of strings, not a command line", { hint: splitHint(argv) });
  }
  if (!Array.isArray(argv) || argv.length === 0 || !argv.every((argument) => typeof argument === "string")) {
    throw new InvalidOptionsError("`argv` must be an array of strings: the program, then its arguments", {
      hint: 'For example ["ls", "-la"].',
    });
  }
}

function splitHint(commandLine: string): string {
  const words = commandLine.split(/\s+/).filter((word) => word !== "");
  const split = /["'\\$`|&;<>(){}*?~#\n]/.test(commandLine) || words.length === 0 ? ["ls", "-la"] : words;
  const shell = ["sh", "-c", commandLine];
  return `Pass each argument on its own: ${shown(split)}. For a shell's syntax: ${shown(shell)}.`;
}

function shown(argv: readonly string[]): string {
  const text = JSON.stringify(argv).replaceAll('","', '", "');
  return text.length <= 200 ? text : '["sh", "-c", commandLine]';
}
