import { Secret } from "@glovebox/core/provider";
import { formatValue, type RunSetting, resolveSettings, runSettings, variableOf } from "@glovebox/core/run-settings";
import { stateDirectory } from "@glovebox/core/state";
import { safeLine } from "@glovebox/core/text";
import { guardValue } from "../plan/assignments.ts";
import { directoryOf } from "../run/directory-of.ts";
import type { Terminal } from "../terminal.ts";
import { configKeys } from "./config-key.ts";
import { pluginSettings } from "./plugin-settings.ts";
import { loadProjectConfig, projectConfigName } from "./project-config.ts";
import { loadUserConfig } from "./user-config.ts";
import { userConfigPath } from "./user-config-path.ts";

export type ListConfigOptions = Readonly<Record<string, unknown>> & {
  readonly all?: boolean;
  readonly json?: boolean;
  readonly directory?: string;
};

/** Where the command line has an option's value from: `cli` or `env`. */
export type OptionSource = (name: string) => string | undefined;

export interface ListedSetting {
  readonly key: string;
  readonly value: string;
  /** The flag, the variable or the file that gives it. */
  readonly from: string;
}

/** What a run in the current directory would use of each setting that a file or a variable may give, and where from. */
export async function listSettings(
  options: ListConfigOptions,
  sourceOf: OptionSource,
  terminal: Terminal,
): Promise<{ readonly rows: readonly ListedSetting[]; readonly warnings: readonly string[] }> {
  const home = stateDirectory(terminal.env);
  const { config: user, warnings } = await loadUserConfig(home);
  const project = await loadProjectConfig(directoryOf(options.directory, terminal));
  const resolved = resolveSettings({ flags: options, user, project, more: pluginSettings });
  const rows: ListedSetting[] = [];
  for (const [name, setting] of Object.entries<RunSetting>({ ...runSettings, ...pluginSettings })) {
    const key = configKeys.get(name);
    if (key === undefined && setting.env === undefined) continue;
    const files = { user: valueIn(user, name), project: valueIn(project, name) };
    const value = resolved.settings[name] ?? files.user ?? (options.all ? (setting.default ?? "") : undefined);
    if (value === undefined) continue;
    const from = originOf(name, { value, files, sourceOf, home, adds: setting.adds ?? false });
    rows.push({ key: key ?? name, value: shown(setting, value), from });
  }
  return { rows, warnings: [...warnings, ...resolved.warnings] };
}

function originOf(
  name: string,
  where: {
    readonly value: unknown;
    readonly files: { readonly user: unknown; readonly project: unknown };
    readonly sourceOf: OptionSource;
    readonly home: string;
    readonly adds: boolean;
  },
): string {
  const source = where.sourceOf(name);
  const typed = source === "cli" ? "the command line" : source === "env" ? variableOf(name) : undefined;
  const file = userConfigPath(where.home);
  const origins = [
    ...(where.files.user === undefined ? [] : [file]),
    ...(where.files.project === undefined ? [] : [projectConfigName]),
    ...(typed === undefined ? [] : [typed]),
  ];
  // Their values count together.
  if (where.adds && origins.length > 0) return origins.join(", ");
  if (typed !== undefined) return typed;
  if (where.files.project !== undefined && where.value === where.files.project) return projectConfigName;
  return where.files.user === undefined ? "default" : file;
}

function valueIn(values: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(values, name)?.value;
}

function shown({ type }: RunSetting, value: unknown): string {
  if (typeof value === "number") return formatValue(type, value);
  if (Array.isArray(value)) return value.map((item) => safeLine(String(item))).join(", ");
  if (typeof value === "object" && value !== null) return safeLine(JSON.stringify(masked(value)), 500);
  return safeLine(String(value));
}

/** Values that look like secrets are not shown, as nowhere else. */
function masked(value: unknown, name = ""): unknown {
  if (typeof value === "string") return guardValue(name, value) instanceof Secret ? "***" : value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner, key)]));
}
