import { type Command, Option } from "commander";

/** Adds the options of who can reach a server, and by which names. */
export function addAccessOptions(command: Command): Command {
  return command
    .option(
      "--allowed-host <name>",
      "name by which users reach the server, beside localhost and its address; repeatable",
      collect,
    )
    .option(
      "--trusted-proxy <cidr>",
      "address or block of a reverse proxy whose X-Forwarded-* headers count; repeatable",
      collect,
    )
    .addOption(
      new Option("--public-url <url>", "address of the server for its users, such as https://glovebox.example.com").env(
        "GLOVEBOX_SERVER_PUBLIC_URL",
      ),
    )
    .option("--preview-domain <name>", "domain whose subdomains are the ports of runs (default: preview.localhost)");
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
