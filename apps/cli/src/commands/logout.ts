import { Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import { parseProfileName } from "../login/profile-name.ts";
import type { LogoutOptions } from "../login/remove-login.ts";
import { argument } from "../options/argument.ts";
import { refuseOptions } from "../remote/refuse-options.ts";

/** `glovebox logout`. */
export function logoutCommand(cli: Cli): Command {
  return new Command("logout")
    .summary("remove a saved credential")
    .description(
      "Remove a login that `glovebox login` saved, from where it is kept (default: the only or the default one). After `--server URL`, remove the token for that server.",
    )
    .addOption(new Option("--profile <name>", "the login of this name").argParser(argument(parseProfileName)))
    .option("--all", "every login")
    .action(
      cli.act(async (options: LogoutOptions) => {
        const { terminal } = cli;
        if (terminal.server !== undefined) {
          refuseOptions(options, "logout");
          const { logoutFromServer } = await import("../remote/login-to-server.ts");
          return logoutFromServer(terminal.server, terminal);
        }
        const { removeLogin } = await import("../login/remove-login.ts");
        return await removeLogin(options, terminal);
      }),
    );
}
