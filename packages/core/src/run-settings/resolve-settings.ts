import { formatValue } from "./parse-value.ts";
import type { RunSetting } from "./run-setting.ts";
import { runSettings, type SettingTable } from "./run-settings.ts";
import type { ProjectSettings, ResolvedSettings, RunFlags, UserSettings } from "./setting-values.ts";

/** Where the values of settings come from, by precedence. */
export interface SettingSources {
  readonly flags: RunFlags;
  readonly user: UserSettings;
  readonly project: ProjectSettings;
  /** Settings of plugins, which flags and the user's file set as they do the others. */
  readonly more?: SettingTable;
}

interface Choice {
  readonly value: unknown;
  readonly warning?: string;
}

/**
 * Merges the sources. A flag or its environment variable has priority over the user's file. A project's file narrows what
 * the user's file or the default allows, and never widens it; a flag has priority over both.
 */
export function resolveSettings(sources: SettingSources): {
  readonly settings: ResolvedSettings & Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
} {
  const settings: Record<string, unknown> = {};
  const warnings: string[] = [];
  for (const [name, setting] of Object.entries<RunSetting>({ ...runSettings, ...sources.more })) {
    const { value, warning } = choose(name, setting, sources);
    if (value !== undefined) settings[name] = value;
    if (warning !== undefined) warnings.push(warning);
  }
  // The table gives each setting the type that its own row names.
  return { settings: settings as ResolvedSettings & Readonly<Record<string, unknown>>, warnings };
}

function choose(name: string, setting: RunSetting, sources: SettingSources): Choice {
  const flag = ownValue(sources.flags, name);
  // A file's pairs are merged where they are used, with what else is merged there.
  const user = setting.userType === undefined ? ownValue(sources.user, name) : undefined;
  const project = ownValue(sources.project, name);
  if (setting.adds) return { value: sum([user, project, flag]) };
  if (flag !== undefined || project === undefined) return { value: flag ?? user };
  switch (setting.projectMay) {
    case "lower":
      return lower(name, setting, user, project);
    case "narrower":
      return { value: narrower(setting, user ?? setting.default, project) };
    default:
      return { value: project };
  }
}

function ownValue(values: object, name: string): unknown {
  return Object.hasOwn(values, name) ? (values as Readonly<Record<string, unknown>>)[name] : undefined;
}

function sum(lists: readonly unknown[]): unknown {
  const present = lists.filter((list) => Array.isArray(list));
  return present.length === 0 ? undefined : present.flat();
}

function lower(name: string, setting: RunSetting, user: unknown, project: unknown): Choice {
  const bound = user ?? setting.default ?? setting.usual;
  if (typeof project !== "number") return { value: user };
  if (typeof bound !== "number" || project <= bound) return { value: project };
  const [wanted, limit] = [project, bound].map((value) => formatValue(setting.type, value));
  return { value: user, warning: `The project sets ${name} to ${wanted}, above your limit: ${limit} is used` };
}

function narrower({ choices = [] }: RunSetting, user: unknown, project: unknown): unknown {
  return choices.indexOf(String(project)) < choices.indexOf(String(user)) ? project : user;
}
