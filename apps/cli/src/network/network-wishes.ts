import { type CredentialOption, parseCredentialOption, parseHostRule } from "@glovebox/core";
import { type EgressMode, type HostRule, InvalidOptionsError } from "@glovebox/core/provider";
import type { RunOptions } from "../config/run-options.ts";
import type { UserConfig } from "../config/user-config.ts";

/** Where a credential's rule comes from when an option gave it. */
export const credentialFlag = "--credential";

/** What the flags and the configuration set about the network, parsed but not yet compared with anything. */
export interface NetworkWishes {
  readonly mode: EgressMode;
  readonly allow: readonly HostRule[];
  readonly credentials: readonly CredentialOption[];
}

/** Parses the hosts and credentials of the flags, then those of the configuration. `mode` is the one that holds. */
export function parseNetworkWishes(
  mode: EgressMode,
  options: Pick<RunOptions, "network" | "allowHost" | "credential">,
  user: Pick<UserConfig, "allowHost" | "credential">,
): NetworkWishes {
  const flags = [
    ...(options.allowHost ?? []).map(() => "--allow-host"),
    ...(options.credential ?? []).map(() => credentialFlag),
  ];
  if (options.network === "none" && flags[0] !== undefined) {
    throw new InvalidOptionsError(`--network none and ${flags[0]} contradict each other`, {
      hint: "--network sealed reaches the model's API, and the hosts that you allow.",
    });
  }
  return {
    mode,
    allow: [
      ...(options.allowHost ?? []).map((text) => parseHostRule(text, "--allow-host")),
      ...(user.allowHost ?? []).map((text) => parseHostRule(text, "network.allow of config.json")),
    ],
    credentials: [
      ...(options.credential ?? []).map((text) => parseCredentialOption(text, credentialFlag)),
      ...Object.entries(user.credential ?? {}).map(([host, value]) =>
        parseCredentialOption(`${host}=${value}`, "network.credentials of config.json"),
      ),
    ],
  };
}
