import { Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import { parseProfileName } from "../login/profile-name.ts";
import type { LogoutOptions } from "../login/remove-login.ts";
import { argument } from "../options/argument.ts";

/** `glovebox logout`. */
export function logoutCommand(cli: Cli): Command {
  return new Command("logout")
    .summary("remove a saved credential")
    .description(
      "Remove a login that `glovebox login` saved, from where it is kept (default: the only or the default one).",
    )
    .addOption(new Option("--profile <name>", "the login of this name").argParser(argument(parseProfileName)))
    .option("--all", "every login")
    .action(
      cli.act(async (options: LogoutOptions) => {
        const { removeLogin } = await import("../login/remove-login.ts");
        return await removeLogin(options, cli.terminal);
      }),
    );
}
