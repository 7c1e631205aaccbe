import { Option } from "commander";
import { builtIn } from "../built-in.ts";

/** `--provider`, for commands that use one. */
export function providerOption(help = "the sandbox provider"): Option {
  return new Option("--provider <name>", `${help} (default: ${builtIn.provider})`).env("GLOVEBOX_PROVIDER");
}

/** `--harness`, for commands that use one. */
export function harnessOption(help = "the coding agent"): Option {
  return new Option("--harness <name>", `${help} (default: ${builtIn.harness})`).env("GLOVEBOX_HARNESS");
}
