import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { version } from "../version.ts";

/** `glovebox version`. */
export function versionCommand(cli: Cli): Command {
  return new Command("version")
    .summary("print the versions")
    .description("Prints the versions of Glovebox, Claude Code in the sandbox, and Node.")
    .option("--json", "as one object")
    .action(
      cli.act(async (options: { readonly json?: boolean }) => {
        const { claudeCodeVersion } = await import("@glovebox/harness-claude-code");
        const versions = { glovebox: version, "claude-code": claudeCodeVersion, node: process.versions.node };
        const { stdout } = cli.terminal;
        if (options.json) stdout.line(JSON.stringify(versions));
        else for (const [name, value] of Object.entries(versions)) stdout.line(`${name} ${value}`);
        return 0;
      }),
    );
}
