/** Writes docs/cli.md from the commands themselves; with `--check` only says whether it is as they are. */
import { readFileSync, writeFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { exitCodes } from "../apps/cli/src/exit-codes.ts";
import { Output } from "../apps/cli/src/output.ts";
import { createProgram } from "../apps/cli/src/program.ts";

type Command = ReturnType<typeof createProgram>;

const file = fileURLToPath(new URL("../docs/cli.md", import.meta.url));

function reference(): string {
  const output = new Output(new PassThrough(), {});
  const program = createProgram({
    terminal: { env: {}, cwd: "/", stdin: process.stdin, stdout: output, stderr: output },
    passedThrough: [],
    act: () => async () => {},
  });
  const codes = exitCodes.map(([code, meaning]) => `| ${code} | ${meaning} |`);
  return [
    "# Command line",
    "<!-- Made from the commands by tooling/cli-reference.ts. -->",
    program.description(),
    ...commands(program),
    "## Exit codes",
    "The first that applies:",
    `| Code | Meaning |\n|---|---|\n${codes.join("\n")}`,
  ]
    .join("\n\n")
    .concat("\n");
}

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

/** The texts that stand after a command's help; the exit codes have a section of their own. */
function afterHelp(command: Command): string[] {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) });
  const help = command.helpInformation();
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

const text = reference();
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error("docs/cli.md is not as the commands are: node --conditions=@glovebox/source tooling/cli-reference.ts");
  process.exitCode = 1;
}
