import { componentSettings } from "./component-settings.ts";
import { limitSettings } from "./limit-settings.ts";
import { placeSettings } from "./place-settings.ts";
import type { RunSetting } from "./run-setting.ts";
import { taskSettings } from "./task-settings.ts";

/**
 * Everything that can be set about a run. Flags, environment variables, both configuration files, the help, docs/cli.md and
 * the defaults are made from this table.
 */
export const runSettings = {
  ...taskSettings,
  ...placeSettings,
  ...componentSettings,
  ...limitSettings,
} as const satisfies SettingTable;

/** Rows by name: this table's, or those that plugins add to it. */
export type SettingTable = Readonly<Record<string, RunSetting>>;

/** The name of a setting of a run. */
export type RunSettingName = keyof typeof runSettings;
