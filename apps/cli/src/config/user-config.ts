import { readHostText } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { userConfig } from "@glovebox/core/run-config";
import type { UserSettings } from "@glovebox/core/run-settings";
import { didYouMean } from "./did-you-mean.ts";
import { issueLine } from "./issue-line.ts";
import { parseJsonc } from "./parse-jsonc.ts";
import { pluginSettings } from "./plugin-settings.ts";
import { userConfigPath } from "./user-config-path.ts";

/** The user's own configuration, `config.json` in the state directory, by the names of the settings. */
export type UserConfig = UserSettings & {
  readonly runtime?: string;
  readonly server?: string;
  readonly updateCheck?: boolean;
};

const file = userConfig(pluginSettings);

/** The keys that this file knows; some of them only this file may set. */
export const userConfigKeys: readonly string[] = file.keys;

export interface LoadedUserConfig {
  readonly config: UserConfig;
  readonly warnings: readonly string[];
}

/** A wrong type is an error, an unknown key a warning. */
export async function loadUserConfig(home: string): Promise<LoadedUserConfig> {
  const path = userConfigPath(home);
  const text = await readHostText(path);
  return text === undefined ? { config: {}, warnings: [] } : parseUserConfig(text, path);
}

/** Parses and checks the text of the file at `path`. */
export function parseUserConfig(text: string, path: string): LoadedUserConfig {
  const value = parseJsonc(text, path);
  const parsed = file.schema.safeParse(value, { reportInput: true });
  if (!parsed.success) {
    throw new InvalidOptionsError(`${path}: ${issueLine(parsed.error)}`, {
      hint: "docs/configuration.md lists the keys, and so does the JSON Schema beside the file.",
    });
  }
  const warnings = Object.keys(value as object)
    .filter((key) => !userConfigKeys.includes(key))
    .map((key) => {
      const meant = didYouMean(key, userConfigKeys);
      return `${path}: unknown key "${key}"${meant === undefined ? "" : `; did you mean "${meant}"?`}`;
    });
  return { config: file.settingsOf(parsed.data), warnings };
}
