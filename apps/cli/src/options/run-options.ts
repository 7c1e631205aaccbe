import {
  flagOf,
  formatValue,
  parseValue,
  type RunSetting,
  type RunSettingName,
  runSettings,
  type SettingGroup,
  type SettingTable,
  type SettingType,
  variableOf,
} from "@glovebox/core/run-settings";
import { Option } from "commander";
import { builtIn } from "../built-in.ts";
import { argument } from "./argument.ts";

/** The groups in the order of the help, with their headings. */
const groups: Readonly<Record<SettingGroup, string>> = {
  prompt: "Prompt and agent:",
  credential: "Credentials:",
  files: "Files:",
  environment: "Environment and labels:",
  components: "Components:",
  network: "Network:",
  limits: "Limits:",
  sandbox: "Sandbox:",
  output: "Output:",
};

/** The defaults that this program sets where the table has none. */
const defaults: Readonly<Record<string, string>> = { provider: builtIn.provider, harness: builtIn.harness };

/** Every flag of `glovebox run` but those of plugins. */
export function allRunOptions(): Option[] {
  return rowsInOrder().map(([name, setting]) => optionOf(name, setting));
}

/** The flags of the help that fits on one screen, with fewer words and without groups; they parse nothing. */
export function briefRunOptions(): Option[] {
  return rowsInOrder().flatMap(([name, setting]) => {
    if (setting.brief === undefined) return [];
    return [new Option(flagsText(name, setting), `${setting.brief}${defaultOf(name, setting)}`)];
  });
}

/** `--no-input`, for commands that may ask something. */
export function noInputOption(): Option {
  return optionOf("noInput", { ...runSettings.noInput, help: "never ask a question" }).helpGroup("Options:");
}

/** Some of the flags of `glovebox run`, for a command that takes them too. */
export function runOptions(...names: RunSettingName[]): Option[] {
  return names.map((name) => optionOf(name, runSettings[name]));
}

/** The flags of one group. */
export function runOptionsOf(group: SettingGroup): Option[] {
  return flagsOf(runSettings)
    .filter(([, setting]) => setting.group === group)
    .map(([name, setting]) => optionOf(name, setting));
}

function rowsInOrder(): [name: string, setting: RunSetting][] {
  const rows = flagsOf(runSettings);
  return Object.keys(groups).flatMap((group) => rows.filter(([, setting]) => setting.group === group));
}

function flagsOf(table: SettingTable): [name: string, setting: RunSetting][] {
  return Object.entries(table).filter(([, { help }]) => help !== undefined);
}

function optionOf(name: string, setting: RunSetting): Option {
  const option = new Option(flagsText(name, setting), `${setting.help}${defaultOf(name, setting)}`);
  option.helpGroup(groups[setting.group]).hideHelp(setting.listedAs !== undefined);
  // `--no-input` is a flag of its own, and not the contrary of another one.
  option.negate = false;
  if (setting.hiddenShort !== undefined) option.short = `-${setting.hiddenShort}`;
  if (setting.choices !== undefined) option.choices(setting.choices);
  // A setting with a flag has a type that a flag can have.
  else if (setting.type !== "switch")
    option.argParser(argument((text, before) => parseValue(setting.type as SettingType, text, before)));
  if (setting.env) option.env(variableOf(name));
  return option;
}

function flagsText(name: string, setting: RunSetting): string {
  const short = setting.short === undefined ? "" : `-${setting.short}, `;
  return `${short}${flagOf(name)}${setting.type === "switch" ? "" : ` <${setting.value ?? "value"}>`}`;
}

function defaultOf(name: string, setting: RunSetting): string {
  const value = defaults[name] ?? setting.default;
  return value === undefined ? "" : ` (default: ${formatValue(setting.type, value)})`;
}
