import { loginPrograms } from "@glovebox/core/harness";
import { Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import { parseProfileName } from "../login/profile-name.ts";
import type { LoginOptions } from "../login/save-login.ts";
import { argument } from "../options/argument.ts";
import { runOptions } from "../options/run-options.ts";
import { refuseOptions } from "../remote/refuse-options.ts";

/** `glovebox login`. */
export function loginCommand(cli: Cli): Command {
  const command = new Command("login")
    .summary("save the credential for the model")
    .description(
      "Save a subscription's token or an API key for runs. It is typed without being shown, or read from standard input, and " +
        "kept in the system's keychain, or else in a file that only you can read. Runs use it when neither an option nor the " +
        "environment has a credential; it never enters a sandbox. After `--server URL`, save a token for that server instead.",
    )
    .addOption(
      new Option(
        "--profile <name>",
        "save it under this name; `run --profile` then uses it (default: default)",
      ).argParser(argument(parseProfileName)),
    )
    .option("--as <variable>", "the variable that would hold it (default: what its form says)")
    .addOption(
      new Option("--from <program>", "use the login of this program on this machine instead").choices(loginPrograms),
    )
    .option("--file", "keep it in the file, not in the keychain")
    .option("-l, --list", "list what is saved, without the secrets")
    .option("--json", "print one object per login");
  for (const option of runOptions("harness")) command.addOption(option);
  return command
    .addHelpText(
      "after",
      `\nExamples:\n  glovebox login\n  glovebox login --from ${loginPrograms[0]}\n  glovebox login --profile work < key.txt\n  glovebox login --list\n  glovebox --server https://glovebox.example.com login < token.txt\n`,
    )
    .action(
      cli.act(async (options: LoginOptions) => {
        const { terminal } = cli;
        if (terminal.server !== undefined) {
          refuseOptions(options, "login");
          const { loginToServer } = await import("../remote/login-to-server.ts");
          return await loginToServer(terminal.server, terminal);
        }
        const { saveLogin } = await import("../login/save-login.ts");
        return await saveLogin(options, terminal);
      }),
    );
}
