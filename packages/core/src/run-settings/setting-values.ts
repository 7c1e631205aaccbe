import type { ModelPrices } from "../provider/model-prices.ts";
import type { RunSetting } from "./run-setting.ts";
import type { RunSettingName, runSettings } from "./run-settings.ts";

type Table = typeof runSettings;

type ValueOf<T> = T extends { readonly choices: readonly (infer Choice)[] }
  ? Choice
  : T extends { readonly type: infer Type }
    ? ValueOfType<Type>
    : never;

type ValueOfType<Type> = Type extends "duration" | "size" | "amount" | "count" | "share"
  ? number
  : Type extends "switch"
    ? boolean
    : Type extends "list" | "commas" | "tools"
      ? readonly string[]
      : Type extends "pairs"
        ? Readonly<Record<string, string>>
        : Type extends "plugin-settings"
          ? Readonly<Record<string, Readonly<Record<string, unknown>>>>
          : Type extends "prices"
            ? ModelPrices
            : string;

type UserValueOf<T> = T extends { readonly userType: infer Type } ? ValueOfType<Type> : ValueOf<T>;

type Having<Key extends keyof RunSetting> = {
  [Name in RunSettingName]: Table[Name] extends Readonly<Record<Key, unknown>> ? Name : never;
}[RunSettingName];

/** What the command line and the environment variables set. Each value is parsed; none has been compared with another. */
export type RunFlags = { readonly [Name in Having<"help">]?: ValueOf<Table[Name]> };

/** What the user's configuration file sets, by the names of the settings. */
export type UserSettings = { readonly [Name in Having<"user">]?: UserValueOf<Table[Name]> };

/** What a project's configuration file sets, by the names of the settings. */
export type ProjectSettings = { readonly [Name in Having<"projectMay">]?: ValueOf<Table[Name]> };

/** What holds for a run, by the names of the settings; a default is not among it. */
export type ResolvedSettings = RunFlags & Pick<UserSettings, "prices">;
