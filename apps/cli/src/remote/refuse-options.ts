import { InvalidOptionsError } from "@glovebox/core/provider";
import { flagOf } from "@glovebox/core/run-settings";

/** Throws for an option of a command that takes none when it is for a server. An environment variable does not count. */
export function refuseOptions(options: object, command: string): void {
  const name = Object.keys(options).find((one) => one !== "harness");
  if (name === undefined) return;
  throw new InvalidOptionsError(`${flagOf(name)} does not work with \`glovebox --server URL ${command}\``);
}
