import { asTyped } from "../print/command-name.ts";
import type { StartRunInput } from "../run/start-run.ts";
import { runName } from "../runs/run-name.ts";
import { startDetached } from "./start-detached.ts";

/** `glovebox run --detach`, and of other commands that start a run: prints the run's id, and how to follow it. */
export async function runDetached(input: StartRunInput): Promise<number> {
  const { options, terminal } = input;
  const { stdout, stderr, env } = terminal;
  const run = await startDetached(input);
  if (options.json) stdout.json(run);
  else stdout.line(run.runId);
  if (options.json || options.quiet) return 0;
  const name = runName(run.runDirectory);
  for (const [label, command] of [
    ["follow:", "logs -f"],
    ["wait:", "wait"],
    ["stop:", "stop"],
  ] as const)
    stderr.line(`${stderr.colors.cyan(label.padEnd(7))} ${asTyped(`glovebox ${command} ${name}`, env)}`);
  return 0;
}
