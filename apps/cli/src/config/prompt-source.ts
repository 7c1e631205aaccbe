import { resolve } from "node:path";
import { InvalidOptionsError, SandboxAbortedError } from "@glovebox/core/provider";
import { canAsk, type Terminal } from "../terminal.ts";
import { readSmallFile } from "./read-small-file.ts";
import type { RunOptions } from "./run-options.ts";

const mostBytes = 10 * 1024 * 1024;

/** The prompt, from the one place that has it: the argument, `--prompt`, `--prompt-file`, standard input, a question. */
export async function readPrompt(
  argument: string | undefined,
  options: RunOptions,
  terminal: Terminal,
  directory: string,
): Promise<string> {
  const given = [
    argument !== undefined && "the argument",
    options.prompt !== undefined && "--prompt",
    options.promptFile !== undefined && "--prompt-file",
  ].filter((name) => name !== false);
  if (given.length > 1) {
    throw new InvalidOptionsError(`The prompt was given twice: by ${given.join(" and by ")}`, {
      hint: "Give it once.",
    });
  }
  const prompt = await take(argument ?? options.prompt, options, terminal, directory);
  if (prompt.trim() === "") {
    throw new InvalidOptionsError("The prompt is empty", {
      hint: 'Give one: glovebox run "Build a todo app", or --prompt-file FILE, or on standard input.',
    });
  }
  return prompt;
}

async function take(
  text: string | undefined,
  options: RunOptions,
  terminal: Terminal,
  directory: string,
): Promise<string> {
  if (text !== undefined) return text;
  if (options.promptFile === "-") return await readAll(terminal.stdin);
  if (options.promptFile !== undefined) {
    const path = resolve(directory, options.promptFile);
    const content = await readSmallFile(path, mostBytes);
    if (content === undefined) throw new InvalidOptionsError(`--prompt-file: ${path} does not exist`);
    return content;
  }
  if (!terminal.stdin.isTTY) return await readAll(terminal.stdin);
  return options.yes || options.json || !canAsk(terminal) ? "" : await ask();
}

async function readAll(stdin: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > mostBytes) throw new InvalidOptionsError(`The prompt is larger than ${mostBytes} bytes`);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function ask(): Promise<string> {
  const { isCancel, text } = await import("@clack/prompts");
  const answer = await text({ message: "What should Claude Code do?", output: process.stderr });
  if (isCancel(answer)) throw new SandboxAbortedError("Cancelled");
  return answer ?? "";
}
