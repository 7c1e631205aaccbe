import { z } from "zod";
import { SandboxError } from "../errors/index.ts";
import { parseValue } from "../run-settings/parse-value.ts";
import type { ConfigType, RunSetting, SettingType } from "../run-settings/run-setting.ts";
import { runSettings, type SettingTable } from "../run-settings/run-settings.ts";
import type { ProjectSettings, UserSettings } from "../run-settings/setting-values.ts";
import { pricesSchema } from "./prices-schema.ts";

type Values = Readonly<Record<string, unknown>>;

type Rows = readonly (readonly [name: string, setting: RunSetting])[];

const userKey = (name: string, { user }: RunSetting) => (typeof user === "string" ? user : name);
const projectKey = (name: string, setting: RunSetting) => setting.projectKey ?? name;

/** The modes that a project may choose. */
export const projectModes = ["sealed", "none"] as const;

/** The schema of a configuration file, and the keys that it knows. */
export interface ConfigSchema<T> {
  /** The keys at the top of the file. */
  readonly keys: readonly string[];
  readonly schema: z.ZodType<Values>;
  /** What a parsed file sets, by the names of the settings. */
  settingsOf(config: Values): T;
}

/** The user's configuration file. Unknown keys pass: the reader warns of them. `more` are the settings of plugins. */
export function userConfig(more: SettingTable = {}): ConfigSchema<UserSettings & Values> {
  const rows = Object.entries<RunSetting>({ ...runSettings, ...more }).filter(([, { user }]) => user !== undefined);
  const shape = shapeOf(
    rows.map(([name, setting]) => [
      userKey(name, setting),
      described(schemaOf(setting.userType ?? setting.type, setting), setting),
    ]),
  );
  return {
    keys: Object.keys(shape),
    schema: z.object(shape),
    // The table gives each setting the type that its own row names.
    settingsOf: (config) => byName(config, rows, userKey) as UserSettings & Values,
  };
}

/** A project's configuration file, which may hold nothing else. */
export function projectConfig(): ConfigSchema<ProjectSettings> {
  const rows = Object.entries<RunSetting>(runSettings).filter(([, { projectMay }]) => projectMay !== undefined);
  const shape = shapeOf(
    rows.map(([name, setting]) => [projectKey(name, setting), described(projectSchemaOf(setting), setting)]),
  );
  return {
    keys: Object.keys(shape),
    schema: z.strictObject(shape),
    settingsOf: (config) => byName(config, rows, projectKey) as ProjectSettings,
  };
}

/** What an editor shows of a key. */
function described(schema: z.ZodType, { help }: RunSetting): z.ZodType {
  return help === undefined ? schema : schema.describe(help);
}

function byName(
  config: Values,
  rows: Rows,
  keyOf: (name: string, setting: RunSetting) => string,
): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, setting] of rows) {
    const [first = "", inner] = keyOf(name, setting).split(".");
    const value = inner === undefined ? config[first] : (config[first] as Values | undefined)?.[inner];
    if (value !== undefined) found[name] = value;
  }
  return found;
}

/** An object's shape from keys, of which `a.b` is `b` in an object of its own. */
function shapeOf(entries: readonly (readonly [key: string, schema: z.ZodType])[]): Record<string, z.ZodType> {
  const shape: Record<string, z.ZodType> = { $schema: z.string().optional() };
  const nested: Record<string, Record<string, z.ZodType>> = {};
  for (const [key, schema] of entries) {
    const [first = "", inner] = key.split(".");
    if (inner === undefined) shape[first] = schema.optional();
    else nested[first] = { ...nested[first], [inner]: schema.optional() };
  }
  for (const [key, inner] of Object.entries(nested)) shape[key] = z.strictObject(inner).optional();
  return shape;
}

function projectSchemaOf(setting: RunSetting): z.ZodType {
  if (setting.projectMay === "narrower") return z.enum(projectModes);
  if (setting.projectMay === "add") return z.array(z.string().regex(/^[^!]/, 'must not start with "!"'));
  return schemaOf(setting.type, setting);
}

function schemaOf(type: SettingType | ConfigType, { choices }: RunSetting): z.ZodType {
  if (choices !== undefined) return z.enum(choices);
  switch (type) {
    case "duration":
    case "size":
    case "share":
      return written(type);
    case "amount":
      return z.number().positive();
    case "count":
      return z.number().int().positive();
    case "switch":
      return z.boolean();
    case "list":
    case "commas":
      return z.array(z.string());
    case "tools":
      return z.array(z.string().min(1));
    case "pairs":
      return z.record(z.string(), z.string());
    case "plugin-settings":
      return z.record(z.string(), z.record(z.string(), z.unknown()));
    case "prices":
      return pricesSchema;
    case "url":
      return z.url({ protocol: /^https?$/ });
    case "text":
      return z.string().min(1);
  }
}

/** A value that a file writes as the command line does. */
function written(type: SettingType): z.ZodType {
  return z.string().transform((text, context) => {
    try {
      return parseValue(type, text);
    } catch (error) {
      if (!SandboxError.isInstance(error)) throw error;
      context.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  });
}
