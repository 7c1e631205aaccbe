/** Writes docs/cli.md from the commands themselves; with `--check` it fails when the page is out of date. */
import { readFileSync, writeFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import {
  type EnvironmentLayer,
  environmentLayers,
  flagOf,
  type ProjectRight,
  type RunSetting,
  runSettings,
} from "@glovebox/core/run-settings";
import type { Cli } from "../src/cli.ts";
import { pluginSettings } from "../src/config/plugin-settings.ts";
import { exitCodes } from "../src/exit-codes.ts";
import { Output } from "../src/output.ts";
import { addedCommands, createAddedCommands } from "../src/plugins/plugin-commands.ts";
import { createProgram } from "../src/program.ts";

type Command = ReturnType<typeof createProgram>;

const file = fileURLToPath(new URL("../../../docs/cli.md", import.meta.url));

async function reference(): Promise<string> {
  const output = new Output(new PassThrough(), {});
  const cli: Cli = {
    terminal: { env: {}, cwd: "/", stdin: process.stdin, stdout: output, stderr: output },
    passedThrough: [],
    act: () => async () => {},
  };
  const program = createProgram(cli, await createAddedCommands(cli, addedCommands("/nonexistent"), () => true));
  const codes = exitCodes.map(([code, meaning]) => `| ${code} | ${meaning} |`);
  return [
    "# Command line",
    "<!-- Made from the commands by apps/cli/scripts/write-reference.ts. -->",
    program.description(),
    ...commands(program),
    ...otherSpellings(),
    ...configuration(),
    "## Exit codes",
    "The first that applies:",
    `| Code | Meaning |\n|---|---|\n${codes.join("\n")}`,
  ]
    .join("\n\n")
    .concat("\n");
}

/** The flags of `run` that its help does not list. */
function otherSpellings(): string[] {
  const rows = Object.entries<RunSetting>(runSettings).flatMap(([name, { listedAs, hiddenShort, help }]) => [
    ...(listedAs === undefined ? [] : [`| \`${flagOf(name)}\` | \`${flagOf(listedAs)}\` | ${help} |`]),
    ...(hiddenShort === undefined ? [] : [`| \`-${hiddenShort}\` | \`${flagOf(name)}\` | does not detach |`]),
  ]);
  return [
    "## Other spellings",
    "These flags of `glovebox run` work, so that commands written for `claude-code-templates` and Claude Code do too:",
    `| Flag | Listed as | Meaning |\n|---|---|---|\n${rows.join("\n")}`,
  ];
}

/** What the configuration files may set, from the same table as the flags. */
function configuration(): string[] {
  const rows = Object.entries<RunSetting>({ ...runSettings, ...pluginSettings })
    .filter(([, { user, projectMay }]) => user !== undefined || projectMay !== undefined)
    .map(([name, setting]) => {
      const { user, projectMay, projectKey = name } = setting;
      const key = user === undefined ? "" : `\`${user === true ? name : user}\``;
      const project = projectMay === undefined ? "no" : `\`${projectKey}\`: ${projectRights[projectMay]}`;
      return `| ${key} | ${setting.help === undefined ? "" : `\`${flagOf(name)}\``} | ${project} |`;
    });
  const layers = environmentLayers.map((layer, index) => `${index + 1}. ${layerMeanings[layer]}`);
  return [
    "## Configuration files",
    "Flags have priority over `GLOVEBOX_…` variables, these over `config.json` in the state directory (`$GLOVEBOX_HOME`, or " +
      "`~/.glovebox`). `glovebox.config.json` in the current directory can narrow what the others allow, and never widen it. " +
      'Values are written as for the flag: `"1h"`, `"4g"`. A dot leads into an object: `network.mode` is ' +
      '`{ "network": { "mode": "sealed" } }`.',
    `| config.json | Flag | glovebox.config.json |\n|---|---|---|\n${rows.join("\n")}`,
    "## Environment of the sandbox",
    "Where several sources set a variable, the last of these has priority:",
    layers.join("\n"),
  ];
}

const projectRights: Readonly<Record<ProjectRight, string>> = {
  lower: "counts where it is lower",
  narrower: '`"sealed"` or `"none"`, counts where it is narrower',
  choose: "has priority over yours",
  add: "is added to yours",
};

const layerMeanings: Readonly<Record<EnvironmentLayer, string>> = {
  packages: "the package registries of your npm and pip configuration",
  user: "`env` in `config.json`",
  files: "`--env-file`, in the order given",
  flags: "`--env`, in the order given",
  components: "what components need and nothing above sets",
  harness: "what the harness sets for its own process",
  model: "where the harness finds the model, and the placeholder for its credential",
};

function commands(parent: Command, prefix = parent.name()): string[] {
  return parent.commands.flatMap((command) => {
    const name = `${prefix} ${command.name()}`;
    return [...section(command as Command, name), ...commands(command as Command, name)];
  });
}

function section(command: Command, name: string): string[] {
  const args = command.registeredArguments.map((argument) => {
    const inner = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${inner}>` : `[${inner}]`;
  });
  const usage = [name, ...(command.options.length > 0 ? ["[options]"] : []), ...args].join(" ");
  const described = command.registeredArguments.filter((argument) => argument.description !== "");
  const rows = [
    ...described.map((argument) => row(argument.name(), argument.description, undefined)),
    ...command.options
      .filter((option) => !option.hidden)
      .map((option) => row(option.flags, option.description, option.envVar)),
  ];
  return [
    `## \`${name}\``,
    command.description(),
    ...(command.commands.length > 0 ? [] : [`    ${usage}`]),
    ...(rows.length === 0 ? [] : [`| Option | Meaning |\n|---|---|\n${rows.join("\n")}`]),
    ...afterHelp(command),
  ];
}

function row(flags: string, description: string, variable: string | undefined): string {
  const text = variable === undefined ? description : `${description}. Also \`${variable}\``;
  return `| \`${flags.replaceAll("|", "\\|")}\` | ${cell(text)} |`;
}

function cell(text: string): string {
  return text
    .replaceAll("|", "\\|")
    .replaceAll("<", "&lt;")
    .replace(/`([^`]*)`/g, (code) => code.replaceAll("&lt;", "<"));
}

/** Makes a command that has a short help print the whole one from here on. */
function showWhole(command: Command): void {
  try {
    command.parseOptions(["--help-all"]);
  } catch {
    // Like `--help`, it ends the command with an error whose exit code is 0.
  }
}

/** The texts that stand after a command's help; the exit codes have a section of their own. */
function afterHelp(command: Command): string[] {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) });
  showWhole(command);
  const help = command.helpInformation();
  text = "";
  command.outputHelp();
  const after = text
    .slice(help.length)
    .replace(/\nExit codes[\s\S]*$/, "")
    .trim();
  if (after === "") return [];
  const [prose, examples] = after.split(/^Examples:\n/m);
  return [
    ...(prose?.trim() ? [prose.trim()] : []),
    ...(examples === undefined ? [] : [`Examples:\n\n${examples.replace(/^ {2}/gm, "    ").trimEnd()}`]),
  ];
}

const text = await reference();
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error(
    "docs/cli.md is out of date. Run: node --conditions=@glovebox/source apps/cli/scripts/write-reference.ts",
  );
  process.exitCode = 1;
}
