import { InvalidOptionsError, Secret } from "@glovebox/core/provider";
import { parseValue, type RunSetting, runSettings, type SettingType } from "@glovebox/core/run-settings";
import { guardValue } from "../plan/assignments.ts";
import { didYouMean } from "./did-you-mean.ts";
import { pluginSettings } from "./plugin-settings.ts";

/** A key of the user's configuration file, as `glovebox config` takes it. */
export interface ConfigKey {
  /** Where its value is in the file. */
  readonly path: readonly string[];
  readonly setting: RunSetting;
  /** It names one entry of a setting that has several: `env.NAME`. */
  readonly isEntry: boolean;
}

/** The keys of all settings that the file may hold, by the names of the settings. */
export const configKeys: ReadonlyMap<string, string> = new Map(
  Object.entries<RunSetting>({ ...runSettings, ...pluginSettings }).flatMap(([name, { user }]) =>
    user === undefined ? [] : [[name, user === true ? name : user] as const],
  ),
);

/** Finds `timeout`, `network.mode`, `env.NAME` or `providers.docker.runtime`. Throws for one that does not exist. */
export function findConfigKey(text: string): ConfigKey {
  for (const [name, key] of configKeys) {
    const setting = { ...runSettings, ...pluginSettings }[name as keyof typeof runSettings] as RunSetting;
    if (text === key) return { path: key.split("."), setting, isEntry: false };
    const rest = text.startsWith(`${key}.`) ? text.slice(key.length + 1) : "";
    const form = setting.userType ?? setting.type;
    if (rest === "") continue;
    // The name of a variable or a host may hold dots.
    if (form === "pairs") return { path: [...key.split("."), rest], setting, isEntry: true };
    if (form === "plugin-settings") return { path: [...key.split("."), ...rest.split(".")], setting, isEntry: true };
  }
  const meant = didYouMean(text, configKeys.values());
  throw new InvalidOptionsError(`${JSON.stringify(text)} is not a key of the configuration`, {
    hint: meant === undefined ? "`glovebox config list --all` lists the keys." : `Did you mean ${meant}?`,
  });
}

/** Parses what was typed for a key. Throws for what the key cannot have, and for a secret. */
export function parseConfigValue({ path, setting, isEntry }: ConfigKey, words: readonly string[]): unknown {
  for (const word of words) {
    if (guardValue(path.at(-1) ?? "", word) instanceof Secret) {
      throw new InvalidOptionsError(`The value of ${path.join(".")} looks like a secret, which does not belong here`, {
        hint: "Set it in the environment: what is typed can be read in the shell's history and in the process list.",
      });
    }
  }
  const form = setting.userType ?? setting.type;
  if (["list", "commas", "tools"].includes(form)) {
    return words.flatMap((word) => parseValue(form as SettingType, word) as readonly string[]);
  }
  if (words.length > 1)
    throw new InvalidOptionsError(`${path.join(".")} has one value, and ${words.length} were passed`);
  const text = words[0] ?? "";
  if (form === "amount" || form === "count") return parseValue(form, text);
  if (form === "switch") return parseSwitch(path, text);
  if (isEntry && form === "pairs") return text;
  return isEntry || form === "prices" || form === "pairs" || form === "plugin-settings" ? parseAny(text) : text;
}

function parseSwitch(path: readonly string[], text: string): boolean {
  if (text === "true" || text === "false") return text === "true";
  throw new InvalidOptionsError(`${path.join(".")} is true or false, and not ${JSON.stringify(text)}`);
}

function parseAny(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is not JSON is a text.
    return text;
  }
}
