import { InvalidArgumentError, Option } from "commander";
import { networkModes } from "../config/network-modes.ts";

/** The options that say what a sandbox may reach. */
export function networkOptions(): Option[] {
  return [
    new Option(
      "--network <mode>",
      "standard: the model, the package registries of your configuration and the image's, git hosts you agreed to; sealed: the model; open: every public host; none (default: standard)",
    )
      .choices(networkModes)
      .env("GLOVEBOX_NETWORK"),
    new Option("--allow-host <host[:port]>", "also this host, *.domain, address or block of addresses (repeatable)")
      .argParser(gatherCommas)
      .env("GLOVEBOX_ALLOW_HOST"),
    new Option(
      "--credential <host=variable[:how]>",
      "add the variable's value to requests to the host, outside; how: bearer, basic, basic/USER, or a header (repeatable)",
    )
      .argParser(gatherCommas)
      .env("GLOVEBOX_CREDENTIAL"),
  ];
}

/** Gathers what a repeated option is given, each by itself or several by commas. */
function gatherCommas(value: string, before: readonly string[] = []): readonly string[] {
  const items = value.split(",").map((item) => item.trim());
  if (items.includes("")) throw new InvalidArgumentError("Expected one, or several separated by commas.");
  return [...before, ...items];
}
