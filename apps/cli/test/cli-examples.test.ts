import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import type { Cli } from "../src/cli.ts";
import { Output } from "../src/output.ts";
import { addedCommands, createAddedCommands } from "../src/plugins/plugin-commands.ts";
import { createProgram } from "../src/program.ts";
import { takeServerFlag } from "../src/remote/server/server-flag.ts";
import { splitArguments } from "../src/run-cli.ts";
import { gloveboxWords } from "./support/shell-words.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Every command, with nothing behind it. What it was called with is checked as the commands themselves would. */
async function createParser(): Promise<Command> {
  const output = new Output(new PassThrough(), {});
  const cli: Cli = {
    terminal: { env: {}, cwd: "/", stdin: process.stdin, stdout: output, stderr: output },
    passedThrough: [],
    act:
      () =>
      async (...args) => {
        const { args: words, registeredArguments } = args.at(-1) as unknown as Command;
        if (registeredArguments.at(-1)?.variadic) return;
        if (words.length > registeredArguments.length) throw new Error(`too many arguments: ${words.join(" ")}`);
      },
  };
  return createProgram(cli, await createAddedCommands(cli, addedCommands("/nonexistent"), () => true));
}

function helpsOf(command: Command): string[] {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return [text, ...command.commands.flatMap((child) => helpsOf(child as Command))];
}

/** Indented and fenced blocks: what somebody would paste. A line that ends with a backslash continues. */
function pastedLines(markdown: string): string[] {
  let fenced = false;
  return markdown
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => {
      if (/^\s*```/.test(line)) fenced = !fenced;
      return fenced || /^ {4}\S/.test(line);
    });
}

function pages(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return ["node_modules", "decisions"].includes(entry.name) ? [] : pages(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

const parser = await createParser();

async function parse(line: string): Promise<void> {
  const words = gloveboxWords(line) ?? [];
  await parser.parseAsync(splitArguments(takeServerFlag(words).rest).own, { from: "user" }).catch((error: Error) => {
    if (!/outputHelp|\d+\.\d+\.\d+/.test(error.message)) throw new Error(`${line.trim()}: ${error.message}`);
  });
}

const isExample = (line: string) => /^\s*(?:[A-Z_]+=\S+ |\S*\/|pnpm |\S[^#"']*(?:\||&&) )?glovebox \S/.test(line);

describe("every example is a command line that the program takes", () => {
  it("in the help", async () => {
    const lines = helpsOf(parser)
      .flatMap((help) => help.split(/^Examples:\n/m).slice(1))
      .flatMap((text) => text.split("\n").filter(isExample));
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) await parse(line);
  });

  it.each(
    [join(root, "README.md"), join(root, "apps/cli/README.md"), ...pages(join(root, "docs"))].map((path) => [
      relative(root, path),
    ]),
  )("%s", async (page) => {
    const lines = pastedLines(readFileSync(join(root, page), "utf8")).filter(isExample);
    // A placeholder of a syntax line is no word of a command: `[options]`, `<run>`.
    for (const line of lines.filter((text) => !/\[[\w.]+\]|<[\w.]+>/.test(text))) await parse(line);
  });
});
