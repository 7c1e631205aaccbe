/** Writes docs/cli.md, docs/configuration.md and the schemas from the commands themselves; with `--check` it fails when one is out of date. */
import { readFileSync, writeFileSync } from "node:fs";
import { flagOf, type RunSetting, runSettings } from "@glovebox/core/run-settings";
import type { Command } from "commander";
import { exitCodes } from "../src/exit-codes.ts";
import { configurationFiles } from "./configuration-files.ts";
import { afterHelp } from "./reference/after-help.ts";
import { referenceProgram } from "./reference/reference-program.ts";
import { usageOf } from "./reference/usage-of.ts";

async function reference(): Promise<string> {
  const program = await referenceProgram();
  const codes = exitCodes.map(([code, meaning]) => `| ${code} | ${meaning} |`);
  return [
    "# Command line",
    "<!-- Made from the commands by apps/cli/scripts/write-reference.ts. -->",
    program.description(),
    ...commands(program),
    ...otherSpellings(),
    "[Configuration](configuration.md) lists what the configuration files may set, and the variables of the sandbox.",
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

function commands(parent: Command, prefix = parent.name()): string[] {
  return parent.commands.flatMap((command) => {
    const name = `${prefix} ${command.name()}`;
    return [...section(command as Command, name), ...commands(command as Command, name)];
  });
}

function section(command: Command, name: string): string[] {
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
    ...(command.commands.length > 0 ? [] : [`    ${usageOf(command, name)}`]),
    ...(rows.length === 0 ? [] : [`| Option | Meaning |\n|---|---|\n${rows.join("\n")}`]),
    ...textsAfter(command),
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

/** The texts that stand after a command's help. */
function textsAfter(command: Command): string[] {
  const { prose, examples } = afterHelp(command);
  return [
    ...(prose === undefined ? [] : [prose]),
    ...(examples === undefined ? [] : [`Examples:\n\n${examples.replace(/^ {2}/gm, "    ")}`]),
  ];
}

const pages = { ...configurationFiles(), "docs/cli.md": await reference() };
for (const [path, text] of Object.entries(pages)) {
  const file = new URL(`../../../${path}`, import.meta.url);
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    console.error(
      `${path} is out of date. Run: node --conditions=@glovebox/source apps/cli/scripts/write-reference.ts`,
    );
    process.exitCode = 1;
  }
}
