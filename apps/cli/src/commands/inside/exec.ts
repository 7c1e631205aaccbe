import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { type EntryOptions, withEntryOptions } from "../../inside/entry-options.ts";

interface ExecOptions extends EntryOptions {
  readonly workdir?: string;
  readonly env?: readonly string[];
}

/** As a shell reports a command that it does not find. */
const notFoundCode = 127;

/** `glovebox exec`. */
export function execCommand(cli: Cli): Command {
  const command = new Command("exec")
    .summary("run a command in the sandbox of a run")
    .description(
      "Run a command in the sandbox of a run that is running, or that was started with --keep. Standard input goes to the " +
        "command, and its exit code is the exit code. What it does is not part of the run's log.",
    )
    .usage("[options] [run] -- <command> [args...]");
  return withEntryOptions(command)
    .option("-w, --workdir <dir>", "the directory to run it in; a relative one starts from the workspace", "/workspace")
    .option(
      "-e, --env <name[=value]>",
      "set an environment variable; NAME alone copies it from the host (repeatable)",
      add,
    )
    .addHelpText("after", '\nExamples:\n  glovebox exec -- npm test\n  glovebox exec 1 -- sh -c "ls | wc -l"\n')
    .action(
      cli.act(async (reference: string | undefined, options: ExecOptions) => {
        const [program, ...args] = cli.passedThrough;
        if (program === undefined) {
          throw new InvalidOptionsError("The command is missing", {
            hint: "Write it after --: glovebox exec 1 -- ls -la",
          });
        }
        const { enterSandbox } = await import("../../inside/enter-sandbox.ts");
        const { execInside } = await import("../../inside/exec-inside.ts");
        const { sandboxPath } = await import("../../inside/sandbox-path.ts");
        const { parseEnvAssignment } = await import("../../plan/assignments.ts");
        const { terminal } = cli;
        const env = Object.fromEntries((options.env ?? []).map((text) => parseEnvAssignment(text, terminal.env)));
        const cwd = sandboxPath(options.workdir ?? ".");
        const { printError } = await import("../../print/print-error.ts");
        return await enterSandbox({ reference, provider: options.provider, terminal }, async ({ sandbox }) => {
          try {
            return await execInside(sandbox, { argv: [program, ...args], cwd, env, terminal });
          } catch (error) {
            if (!SandboxError.isInstance(error) || error.code !== "process") throw error;
            printError(error, terminal.stderr, terminal.env);
            return notFoundCode;
          }
        });
      }),
    );
}

function add(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}
