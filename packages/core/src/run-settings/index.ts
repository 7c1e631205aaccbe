/**
 * The table of the settings of a run.
 *
 * @module @glovebox/core/run-settings
 */
export { type EnvironmentLayer, environmentLayers, mergeEnvironment } from "./merge-environment.ts";
export {
  formatValue,
  parseAmount,
  parseCommas,
  parseCount,
  parseDuration,
  parseSize,
  parseTools,
  parseValue,
} from "./parse-value.ts";
export { resolveSettings, type SettingSources } from "./resolve-settings.ts";
export type { ConfigType, ProjectRight, RunSetting, SettingGroup, SettingType } from "./run-setting.ts";
export { type RunSettingName, runSettings, type SettingTable } from "./run-settings.ts";
export { flagOf, variableOf } from "./setting-names.ts";
export type { ProjectSettings, ResolvedSettings, RunFlags, UserSettings } from "./setting-values.ts";
export { type SpecSettings, settingOfSpec, specSettings } from "./spec-settings.ts";
