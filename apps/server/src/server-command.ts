import { dropUndefined } from "@glovebox/core/provider";
import { Command, InvalidArgumentError, Option } from "commander";
import { addAccessOptions } from "./access/add-access-options.ts";
import { keysVariable } from "./security/api-keys.ts";
import type { ServerOptions } from "./server-settings.ts";
import { addAcmeOptions } from "./tls/acme/add-acme-options.ts";
import { version } from "./version.ts";

const afterHelp = `
Keys: ${keysVariable}, comma-separated. On loopback, a key is created and kept where none is set.
Runs need a model credential in the environment: ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN.
SIGINT or SIGTERM shuts the server down cleanly; a second one ends it at once.`;

/** The server's command line. `start` gets the options of flags and environment. */
export function serverCommand(name: string, start: (options: ServerOptions) => Promise<void>): Command {
  const command = new Command(name)
    .description(
      "Serves sandboxes and runs over HTTP: E2B's protocol, so that programs written for E2B run on this machine, and a " +
        "small API of its own.",
    )
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .addOption(new Option("--config <file>", "JSON file with these options").env("GLOVEBOX_SERVER_CONFIG"))
    .addOption(new Option("--host <address>", "address to listen on (default: 127.0.0.1)").env("GLOVEBOX_SERVER_HOST"))
    .addOption(
      new Option("--port <n>", "port to listen on; 0 selects a free one (default: 3210)")
        .env("GLOVEBOX_SERVER_PORT")
        .argParser(parsePort),
    )
    .addOption(new Option("--provider <name>", "provider of the sandboxes (default: docker)").env("GLOVEBOX_PROVIDER"))
    .addOption(
      new Option("--harness <name>", "coding agent of the runs (default: claude-code)").env("GLOVEBOX_HARNESS"),
    )
    .option(
      "--demo",
      "let a scripted model answer, at no cost, and start one run with it; keeps to a state directory of its own",
    )
    .option("--tls-self-signed", "serve TLS too, with a certificate created for the domain")
    .option("--tls-cert <file>", "serve TLS too, with this PEM certificate")
    .option("--tls-key <file>", "private key of the certificate")
    .addOption(new Option("--tls-port <n>", "port for TLS (default: 3211)").argParser(parsePort))
    .addOption(
      new Option(
        "--state-dir <dir>",
        "directory for keys, templates and files of runs (default: ~/.glovebox/server)",
      ).env("GLOVEBOX_SERVER_STATE_DIR"),
    )
    .addOption(
      new Option(
        "--max-runs <n>",
        "maximum number of concurrent runs, 0 to leave them to other workers (default: 4)",
      ).argParser(parseCount),
    )
    .addOption(
      new Option("--log-level <level>", "log level (default: info)")
        .choices(["trace", "debug", "info", "warn", "error", "silent"])
        .env("GLOVEBOX_SERVER_LOG_LEVEL"),
    )
    .addHelpText("after", afterHelp)
    .exitOverride()
    .allowExcessArguments(false)
    .action((options: ParsedOptions) => start(toServerOptions(options)));
  return addE2bOptions(addAcmeOptions(addAccessOptions(command)));
}

/** Adds the options of E2B's protocol. */
function addE2bOptions(command: Command): Command {
  return command
    .option("--e2b", "serve E2B's protocol (default)")
    .option("--no-e2b", "serve only the runs API")
    .option("--e2b-domain <name>", "domain whose subdomains are the ports of E2B sandboxes (default: e2b.localhost)")
    .option(
      "--private-host <host>",
      "private host name, address or block that E2B sandboxes may reach; repeatable",
      collect,
    )
    .option("--end-sandboxes", "remove E2B sandboxes when the server ends (default: they live until their timeouts)")
    .addOption(
      new Option("--warm-pool-size <n>", "number of E2B sandboxes started ahead, up to 100 (default: 1)").argParser(
        parsePoolSize,
      ),
    );
}

/** Repeatable options, which have the name of one value on the command line. */
interface ParsedOptions
  extends Omit<ServerOptions, "privateHosts" | "allowedHosts" | "trustedProxies" | "acmeDomains"> {
  readonly privateHost?: string[];
  readonly allowedHost?: string[];
  readonly trustedProxy?: string[];
  readonly acmeDomain?: string[];
}

function toServerOptions(parsed: ParsedOptions): ServerOptions {
  const { privateHost, allowedHost, trustedProxy, acmeDomain, ...options } = parsed;
  const lists = {
    ...{ privateHosts: privateHost, allowedHosts: allowedHost },
    ...{ trustedProxies: trustedProxy, acmeDomains: acmeDomain },
  };
  return { ...options, ...dropUndefined(lists) };
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 0 || port > 65_535) throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  return port;
}

function parseCount(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError("A count is a number from 0 to 9999.");
  return Number(text);
}

function parsePoolSize(text: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 101;
  if (count > 100) throw new InvalidArgumentError("It is a number from 0 to 100.");
  return count;
}
