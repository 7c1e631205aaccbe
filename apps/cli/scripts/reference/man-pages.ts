import type { Command, Option } from "commander";
import { version } from "../../src/built-in.ts";
import { exitCodes } from "../../src/exit-codes.ts";
import { afterHelp } from "./after-help.ts";
import { roff } from "./roff.ts";
import { usageOf } from "./usage-of.ts";

/** Returns the manual by file name: glovebox.1, and a page for each command with those below it. */
export function manPages(program: Command): Readonly<Record<string, string>> {
  const pages = program.commands.map((command) => [`${pageName(command)}.1`, pageOf(command as Command)]);
  return { "glovebox.1": mainPage(program), ...Object.fromEntries(pages) };
}

function pageName(command: Command): string {
  return `glovebox-${command.name()}`;
}

function mainPage(program: Command): string {
  const groups = groupBy(program.commands as readonly Command[], (command) => command.helpGroup() || "Commands:");
  const listed = [...groups].flatMap(([heading, commands]) => [
    subsection(heading.replace(/:$/, "")),
    ...commands.flatMap((command) => item(`\\fB${roff(pageName(command))}\\fR(1)`, summaryOf(command))),
  ]);
  return page("glovebox", [
    section("NAME"),
    roff("glovebox - run a coding agent in a completely isolated sandbox"),
    section("SYNOPSIS"),
    ...synopsis("glovebox", "[command] [options]"),
    section("DESCRIPTION"),
    roff(program.description()),
    section("COMMANDS"),
    ...listed,
    ...optionsOf(program, section("OPTIONS")),
    ...examplesOf(program),
    ...exitStatus(),
    section("FILES"),
    ...item(roff("~/.glovebox"), roff("Runs, configuration and plugins. `GLOVEBOX_HOME` moves it.")),
    ...item(roff("glovebox.config.json"), roff("The configuration of a project, in its directory.")),
  ]);
}

function pageOf(command: Command): string {
  const name = `glovebox ${command.name()}`;
  const below = command.commands.filter((child) => child.name() !== "help");
  return page(pageName(command), [
    section("NAME"),
    `${roff(pageName(command))} \\- ${summaryOf(command)}`,
    section("SYNOPSIS"),
    ...(below.length === 0
      ? synopsisOf(command, name)
      : below.flatMap((child, at) => [
          ...(at > 0 ? [".br"] : []),
          ...synopsisOf(child as Command, `${name} ${child.name()}`),
        ])),
    section("DESCRIPTION"),
    ...body(command, section),
    ...below.flatMap((child) => [
      section(`${name} ${child.name()}`.toUpperCase()),
      ...body(child as Command, subsection),
    ]),
    section("SEE ALSO"),
    "\\fBglovebox\\fR(1), which lists the exit codes",
  ]);
}

/** What a command does, its arguments and options, and the texts after its help. */
function body(command: Command, heading: (title: string) => string): string[] {
  const { prose } = afterHelp(command);
  const described = command.registeredArguments.filter(({ description }) => description !== "");
  return [
    roff(command.description() || command.summary()),
    ...(prose === undefined ? [] : paragraphs(prose)),
    ...(described.length === 0 ? [] : [heading("ARGUMENTS")]),
    ...described.flatMap((argument) => item(`\\fI${roff(argument.name())}\\fR`, roff(argument.description))),
    ...optionsOf(command, heading("OPTIONS")),
    ...examplesOf(command, heading),
  ];
}

function optionsOf(command: Command, heading: string): string[] {
  const isMain = command.parent === null;
  const options = command
    .createHelp()
    .visibleOptions(command)
    .filter(({ long }) => isMain || long !== "--help");
  if (options.length === 0) return [];
  const groups = groupBy(options, ({ helpGroupHeading }) => helpGroupHeading ?? "Options:");
  return [
    heading,
    ...[...groups].flatMap(([title, members]) => [
      ...(groups.size > 1 ? [subsection(title.replace(/:$/, ""))] : []),
      ...members.flatMap((option) => item(`\\fB${roff(option.flags)}\\fR`, roff(meaningOf(option)))),
    ]),
  ];
}

function meaningOf({ description, argChoices, envVar }: Option): string {
  const choices = argChoices === undefined ? "" : ` (${argChoices.join(", ")})`;
  return `${description}${choices}${envVar === undefined ? "" : `. Also \`${envVar}\``}`;
}

function examplesOf(command: Command, heading: (title: string) => string = section): string[] {
  const { examples } = afterHelp(command);
  return examples === undefined ? [] : [heading("EXAMPLES"), ...verbatim(examples)];
}

function groupBy<T>(values: readonly T[], headingOf: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) groups.set(headingOf(value), [...(groups.get(headingOf(value)) ?? []), value]);
  return groups;
}

/** Lines that are indented in the help stay lines; the others are broken again. */
function paragraphs(text: string): string[] {
  const blocks = text.split(/\n\n+|\n(?= )|(?<=\n .*)\n(?! )/);
  return blocks.flatMap((block) =>
    block.startsWith(" ") ? verbatim(block) : [".PP", roff(block.replaceAll(/\s*\n/g, " "))],
  );
}

function verbatim(text: string): string[] {
  return [".PP", ".EX", roff(text), ".EE"];
}

function exitStatus(): string[] {
  return [
    section("EXIT STATUS"),
    "The first that applies:",
    ...exitCodes.flatMap(([code, meaning]) => item(`\\fB${code}\\fR`, roff(meaning))),
  ];
}

function summaryOf(command: Command): string {
  return roff(command.summary() || command.description());
}

function synopsisOf(command: Command, name: string): string[] {
  return synopsis(name, usageOf(command, name).slice(name.length + 1));
}

function synopsis(name: string, rest: string): string[] {
  return [`\\fB${roff(name)}\\fR ${roff(rest)}`.trimEnd()];
}

function section(title: string): string {
  return `.SH "${roff(title)}"`;
}

function subsection(title: string): string {
  return `.SS "${roff(title)}"`;
}

function item(term: string, meaning: string): string[] {
  return [".TP", term, meaning];
}

function page(name: string, lines: readonly string[]): string {
  const title = `.TH "${roff(name.toUpperCase())}" "1" "" "${roff(`Glovebox ${version}`)}" "Glovebox Manual"`;
  // Left-aligned and unhyphenated, so that nothing is torn.
  const isFirst = (at: number) => /^\.S[HS] /.test(lines[at - 1] ?? "");
  const body = lines.filter((line, at) => line !== ".PP" || !isFirst(at));
  return [title, ".nh", ".ad l", ...body].join("\n").concat("\n");
}
