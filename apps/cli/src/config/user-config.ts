import { join } from "node:path";
import { readHostText } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { userConfig } from "@glovebox/core/run-config";
import type { UserSettings } from "@glovebox/core/run-settings";
import { didYouMean } from "./did-you-mean.ts";
import { issueLine } from "./issue-line.ts";
import { pluginSettings } from "./plugin-settings.ts";

/** The user's own configuration, `config.json` in the state directory, by the names of the settings. */
export type UserConfig = UserSettings & { readonly runtime?: string };

const file = userConfig(pluginSettings);

/** The keys that this file knows; some of them only this file may set. */
export const userConfigKeys: readonly string[] = file.keys;

export interface LoadedUserConfig {
  readonly config: UserConfig;
  readonly warnings: readonly string[];
}

/** A wrong type is an error, an unknown key a warning. */
export async function loadUserConfig(home: string): Promise<LoadedUserConfig> {
  const path = join(home, "config.json");
  const text = await readHostText(path);
  if (text === undefined) return { config: {}, warnings: [] };
  const value = parseJson(text, path);
  const parsed = file.schema.safeParse(value, { reportInput: true });
  if (!parsed.success) {
    throw new InvalidOptionsError(`${path}: ${issueLine(parsed.error)}`, {
      hint: "The README of @glovebox/cli lists the keys.",
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

export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidOptionsError(`${path} is not valid JSON: ${(error as Error).message}`, { cause: error });
  }
}
