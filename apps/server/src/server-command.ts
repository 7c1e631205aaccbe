import { Command, InvalidArgumentError, Option } from "commander";
import { keysVariable } from "./security/api-keys.ts";
import type { GivenSettings } from "./server-settings.ts";
import { version } from "./version.ts";

/** The server's command line. `start` gets what was given by flag or by environment. */
export function serverCommand(name: string, start: (given: GivenSettings) => Promise<void>): Command {
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  return new Command(name)
    .description(
      "Serves sandboxes and runs over HTTP: E2B's protocol, so that programs written for E2B run on this machine, and a " +
        "small API of its own.",
    )
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .addOption(new Option("--config <file>", "a JSON file with these options").env("GLOVEBOX_SERVER_CONFIG"))
    .addOption(new Option("--host <address>", "where to listen (default: 127.0.0.1)").env("GLOVEBOX_SERVER_HOST"))
    .addOption(
      new Option("--port <n>", "0 is any free one (default: 3210)").env("GLOVEBOX_SERVER_PORT").argParser(parsePort),
    )
    .addOption(new Option("--provider <name>", "where sandboxes run (default: docker)").env("GLOVEBOX_PROVIDER"))
    .option("--e2b", "serve E2B's protocol (default)")
    .option("--no-e2b", "serve the API for runs alone")
    .option("--e2b-domain <name>", "names below it are the ports of E2B's sandboxes (default: e2b.localhost)")
    .option(
      "--private-host <host>",
      "a private name, address or block that E2B's sandboxes may reach; repeatable",
      collect,
    )
    .option("--tls-self-signed", "serve TLS too, under a certificate that is made for the domain")
    .option("--tls-cert <file>", "serve TLS too, under this certificate in PEM")
    .option("--tls-key <file>", "the certificate's key")
    .addOption(new Option("--tls-port <n>", "where TLS is served (default: 3211)").argParser(parsePort))
    .addOption(
      new Option("--state-dir <dir>", "what is kept (default: ~/.glovebox/server)").env("GLOVEBOX_SERVER_STATE_DIR"),
    )
    .addOption(new Option("--max-runs <n>", "runs at the same time (default: 4)").argParser(parseCount))
    .option("--end-sandboxes", "kill E2B's sandboxes when the server ends (default: they live until their time-outs)")
    .addOption(
      new Option(
        "--spare-sandboxes <n>",
        "E2B's sandboxes that run before a client asks for them, up to 100 (default: 1)",
      ).argParser(parseSpares),
    )
    .addOption(
      new Option("--log-level <level>", "what is logged (default: info)")
        .choices(["trace", "debug", "info", "warn", "error", "silent"])
        .env("GLOVEBOX_SERVER_LOG_LEVEL"),
    )
    .addHelpText(
      "after",
      `
Keys: ${keysVariable}, with commas between them; on loopback one is made and kept where none is set.
Runs need the model's key in the environment: ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN.
SIGINT or SIGTERM ends the server in order; a second one ends it at once.`,
    )
    .exitOverride()
    .allowExcessArguments(false)
    .action(async ({ privateHost, ...given }: Omit<GivenSettings, "privateHosts"> & { privateHost?: string[] }) => {
      await start({ ...given, ...(privateHost !== undefined && { privateHosts: privateHost }) });
    });
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 0 || port > 65_535) throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  return port;
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("A count is a number from 1 on.");
  return Number(text);
}

function parseSpares(text: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 101;
  if (count > 100) throw new InvalidArgumentError("It is a number from 0 to 100.");
  return count;
}
