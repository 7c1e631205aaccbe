import { type CredentialOption, parseCredentialOption, parseHostRule } from "@glovebox/core";
import { type EgressMode, type HostRule, InvalidOptionsError } from "@glovebox/core/provider";
import { defaultNetworkMode, narrowerMode } from "./network-modes.ts";
import type { ProjectConfig } from "./project-config.ts";
import type { RunOptions } from "./run-options.ts";
import type { UserConfig } from "./user-config.ts";

/** Where a credential's rule comes from when an option gave it. */
export const credentialFlag = "--credential";

/** What the options and the configuration say of the network; nothing but their text was looked at. */
export interface NetworkWishes {
  readonly mode: EgressMode;
  readonly allow: readonly HostRule[];
  readonly credentials: readonly CredentialOption[];
}

/** The command line's mode wins; otherwise the person's own holds, or the project's where it is narrower. */
export function parseNetworkWishes(
  options: Pick<RunOptions, "network" | "allowHost" | "credential">,
  user: UserConfig,
  project: ProjectConfig,
): NetworkWishes {
  const own = user.network?.mode ?? defaultNetworkMode;
  const mode = options.network ?? (project.network === undefined ? own : narrowerMode(own, project.network));
  const given = [
    ...(options.allowHost ?? []).map(() => "--allow-host"),
    ...(options.credential ?? []).map(() => credentialFlag),
  ];
  if (options.network === "none" && given[0] !== undefined) {
    throw new InvalidOptionsError(`--network none and ${given[0]} contradict each other`, {
      hint: "--network sealed reaches the model's API, and what is allowed beside it.",
    });
  }
  const { allow = [], credentials = {} } = user.network ?? {};
  return {
    mode,
    allow: [
      ...(options.allowHost ?? []).map((text) => parseHostRule(text, "--allow-host")),
      ...allow.map((text) => parseHostRule(text, "network.allow of config.json")),
    ],
    credentials: [
      ...(options.credential ?? []).map((text) => parseCredentialOption(text, credentialFlag)),
      ...Object.entries(credentials).map(([host, value]) =>
        parseCredentialOption(`${host}=${value}`, "network.credentials of config.json"),
      ),
    ],
  };
}
