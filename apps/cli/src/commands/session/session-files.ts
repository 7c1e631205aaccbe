import { Command, Option } from "commander";
import type { Cli } from "../../cli.ts";
import { runReference } from "../../options/run-reference.ts";

interface ExportOptions {
  readonly output?: string;
  readonly redact?: boolean;
  readonly allowSecrets?: boolean;
  readonly harness?: string;
  readonly json?: boolean;
}

interface ImportOptions {
  readonly output?: string;
  readonly workspace?: string;
  readonly provider?: string;
  readonly toHost?: string | true;
  readonly json?: boolean;
}

/** `glovebox session`. */
export function sessionFilesCommand(cli: Cli): Command {
  return new Command("session")
    .summary("share a run's conversation and changes as one file")
    .description("Write the conversation and the changes of a run to one file, and continue it elsewhere.")
    .addCommand(exportCommand(cli))
    .addCommand(importCommand(cli));
}

function exportCommand(cli: Cli): Command {
  return new Command("export")
    .summary("write a run's conversation and changes to a file")
    .description(
      "Write one file with the conversation of a run, its settings and its changes to the workspace, without secrets. Only you can " +
        "read the file. Nothing is replaced.",
    )
    .argument("[run]", `${runReference} (default: the newest of the current directory)`)
    .option("-o, --output <file>", "the file to write (default: session-<run id>.tgz)")
    .addOption(new Option("--redact", "take secrets out of the files too").conflicts("allowSecrets"))
    .option("--allow-secrets", "export files with what looks like a secret as they are; never secrets of this host")
    .option("--harness <name>", "the harness as it was given to the run, when its id is not an installed short name")
    .option("--json", "print what was written as one object")
    .addHelpText(
      "after",
      "\nExamples:\n  glovebox session export 1 -o review.tgz\n  glovebox session export 1 --redact\n",
    )
    .action(
      cli.act(async (reference: string | undefined, options: ExportOptions) => {
        const { exportRun } = await import("../../session/export-run.ts");
        const { output, harness, json, redact, allowSecrets } = options;
        const secrets = redact ? "redact" : allowSecrets ? "allow" : "refuse";
        return await exportRun({ reference, output, secrets, harness, json, terminal: cli.terminal });
      }),
    );
}

function importCommand(cli: Cli): Command {
  return new Command("import")
    .summary("continue a session that was exported")
    .description(
      "Make a run of a session file, which `glovebox resume` continues, or continue its conversation in the program on this host " +
        "(--to-host). Nothing is replaced, and a file that is not as it was exported is refused.",
    )
    .argument("<file>", "the file, or its https URL")
    .option("-o, --output <dir>", "where the files go (default: sandbox-<run id>)")
    .option("--workspace <dir>", "the project on this host that the changes belong to")
    .option("--provider <name>", "where `glovebox resume` continues it by default")
    .addOption(
      new Option(
        "--to-host [dir]",
        "continue it with the program on this host, in this directory (default: the current one)",
      ).conflicts(["output", "workspace", "provider"]),
    )
    .option("--json", "print what was imported as one object")
    .addHelpText(
      "after",
      '\nExamples:\n  glovebox session import review.tgz --workspace . && glovebox resume 1 "Now add tests"\n  glovebox session import review.tgz --to-host\n',
    )
    .action(
      cli.act(async (place: string, options: ImportOptions) => {
        const { importRun } = await import("../../session/import-run.ts");
        const { output, workspace, provider, json, toHost: host } = options;
        const toHost = host === true ? "." : host;
        return await importRun({ place, output, workspace, provider, toHost, json, terminal: cli.terminal });
      }),
    );
}
