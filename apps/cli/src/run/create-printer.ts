import { HumanPrinter } from "../print/human-printer.ts";
import { JsonPrinter } from "../print/json-printer.ts";
import type { RunPrinter } from "../print/run-printer.ts";
import type { Terminal } from "../terminal.ts";

/** The printer that the options ask for. */
export function createPrinter(
  { stdout, stderr, env }: Terminal,
  options: {
    readonly json?: boolean | undefined;
    readonly quiet?: boolean | undefined;
    readonly verbose?: boolean | undefined;
    readonly isReplay?: boolean;
    readonly directory: string;
  },
): RunPrinter {
  if (options.json) return new JsonPrinter({ stdout, stderr });
  return new HumanPrinter({
    stdout,
    stderr,
    env,
    directory: options.directory,
    quiet: options.quiet ?? false,
    verbose: options.verbose ?? false,
    isReplay: options.isReplay ?? false,
  });
}
