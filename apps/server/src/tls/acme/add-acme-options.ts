import { type Command, InvalidArgumentError, Option } from "commander";

/** Adds the options of automatic certificates. */
export function addAcmeOptions(command: Command): Command {
  return command
    .option(
      "--acme-domain <name>",
      "serve TLS too, with a certificate for this name from an ACME authority; repeatable (default: off)",
      collect,
    )
    .option("--acme-agree-to-terms", "agree to the terms of the authority")
    .option("--acme-email <address>", "address that the authority writes to before a certificate expires")
    .option("--acme-directory <url>", "directory of the authority (default: Let's Encrypt)")
    .addOption(
      new Option("--acme-http-port <n>", "port that port 80 of the names leads to (default: 80)").argParser(parsePort),
    );
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new InvalidArgumentError("A port is a number from 1 to 65535.");
  return port;
}
