import { projectConfig, userConfig } from "@glovebox/core/run-config";
import {
  type EnvironmentLayer,
  environmentLayers,
  flagOf,
  formatValue,
  type ProjectRight,
  type RunSetting,
  runSettings,
  variableOf,
} from "@glovebox/core/run-settings";
import { templateDescriptionSchema } from "@glovebox/image-builder/description";
import { z } from "zod";
import { pluginSettings } from "../src/config/plugin-settings.ts";

/** docs/configuration.md and the JSON Schemas of the configuration files, by their paths: from the same table as the flags. */
export function configurationFiles(): Readonly<Record<string, string>> {
  return {
    "docs/configuration.md": page(),
    "apps/cli/schemas/config.schema.json": schemaOf("config.json of Glovebox", userConfig(pluginSettings).schema),
    "apps/cli/schemas/template.schema.json": schemaOf("glovebox.template.yaml", templateDescriptionSchema),
    "apps/cli/schemas/project-config.schema.json": schemaOf("glovebox.config.json", projectConfig().schema),
  };
}

function schemaOf(title: string, schema: z.ZodType): string {
  const described = { title, allowComments: true, allowTrailingCommas: true };
  return `${JSON.stringify({ ...described, ...z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) }, null, 2)}\n`;
}

function page(): string {
  const rows = Object.entries<RunSetting>({ ...runSettings, ...pluginSettings })
    .filter(([, { user, projectMay, env }]) => user !== undefined || projectMay !== undefined || env !== undefined)
    .map(([name, setting]) => row(name, setting));
  const layers = environmentLayers.map((layer, index) => `${index + 1}. ${layerMeanings[layer]}`);
  return [
    "# Configuration",
    "<!-- Made from the table of settings by apps/cli/scripts/write-reference.ts. -->",
    ...introduction,
    "## Settings",
    `| config.json | Flag | Variable | Default | glovebox.config.json |\n|---|---|---|---|---|\n${rows.join("\n")}`,
    "## Environment of the sandbox",
    "Where several sources set a variable, the last of these has priority:",
    layers.join("\n"),
  ]
    .join("\n\n")
    .concat("\n");
}

function row(name: string, setting: RunSetting): string {
  const { user, projectMay, projectKey = name, help, env } = setting;
  const key = user === undefined ? "" : `\`${user === true ? name : user}\``;
  const project = projectMay === undefined ? "no" : `\`${projectKey}\`: ${projectRights[projectMay]}`;
  const flag = help === undefined ? "" : `\`${flagOf(name)}\``;
  const fallback = setting.default === undefined ? "" : `\`${formatValue(setting.type, setting.default)}\``;
  return `| ${key} | ${flag} | ${env === undefined ? "" : `\`${variableOf(name)}\``} | ${fallback} | ${project} |`;
}

const introduction: readonly string[] = [
  "A run takes its settings from these places. Those above have priority over those below:",
  [
    "1. flags of [`glovebox run`](cli.md)",
    "2. `GLOVEBOX_…` variables",
    "3. your own file, `config.json` in `~/.glovebox` (`GLOVEBOX_HOME` moves the directory)",
    "4. the defaults",
  ].join("\n"),
  "`glovebox.config.json` in the current directory belongs to the project. It may come from a stranger, so it can narrow what " +
    "the others allow and never widen it: the table says how each key counts.",
  "Both files are JSON. Comments and a comma after the last entry are allowed, and comments stay when a command changes your file:",
  [
    "```jsonc",
    "{",
    '  "$schema": "./config.schema.json",',
    "  // Long enough for the whole test suite.",
    '  "timeout": "1h",',
    '  "network": { "mode": "sealed" },',
    '  "env": { "NODE_ENV": "test" },',
    "}",
    "```",
  ].join("\n"),
  "Show and change your file:",
  [
    "    glovebox config list                  # what a run here would use, and where each value comes from",
    "    glovebox config set timeout 1h",
    "    glovebox config set network.allow example.com",
    "    glovebox config get network.mode",
    "    glovebox config unset timeout",
    "    glovebox config edit                  # opens $EDITOR",
    "    glovebox config path",
  ].join("\n"),
  "`set` checks a value before it writes, and refuses what looks like a secret: keys and tokens belong in the environment. It " +
    "puts a JSON Schema beside the file, with which editors complete and check keys; the project's file has " +
    "[one too](../apps/cli/schemas/project-config.schema.json).",
  'Values are written as for the flag: `"1h"`, `"4g"`. A dot leads into an object: `network.mode` is ' +
    '`{ "network": { "mode": "sealed" } }`.',
  "`updateCheck: false` turns the [update notice](operating.md#update-notice) off, as `GLOVEBOX_NO_UPDATE_CHECK=1` does.",
];

const projectRights: Readonly<Record<ProjectRight, string>> = {
  lower: "counts where it is lower",
  narrower: '`"sealed"` or `"none"`, counts where it is narrower',
  choose: "has priority over yours",
  add: "is added to yours",
};

const layerMeanings: Readonly<Record<EnvironmentLayer, string>> = {
  template: "`env` of the template of `--template`",
  packages: "the package registries of your npm and pip configuration",
  user: "`env` in `config.json`",
  files: "`--env-file`, in the order given",
  flags: "`--env`, in the order given",
  components: "what components need and nothing above sets",
  harness: "what the harness sets for its own process",
  model: "where the harness finds the model, and the placeholder for its credential",
};
