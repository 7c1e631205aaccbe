import { resolve } from "node:path";
import { readNamedFile, readTextStream } from "@glovebox/core/host-files";
import { InvalidOptionsError, SandboxAbortedError } from "@glovebox/core/provider";
import type { RunOptions } from "../config/run-options.ts";
import { mayAsk } from "../consent.ts";
import type { Terminal } from "../terminal.ts";

const mostBytes = 10 * 1024 * 1024;

/**
 * The prompt, from the one place that has it: the argument, `--prompt`, `--prompt-file` or standard input. `undefined` where
 * `askPrompt` can ask for it.
 */
export async function readPrompt(
  argument: string | undefined,
  options: RunOptions,
  terminal: Terminal,
  directory: string,
): Promise<string | undefined> {
  const input = [
    argument !== undefined && "the argument",
    options.prompt !== undefined && "--prompt",
    options.promptFile !== undefined && "--prompt-file",
  ].filter((name) => name !== false);
  if (input.length > 1) {
    throw new InvalidOptionsError(`The prompt was given twice: by ${input.join(" and by ")}`, {
      hint: "Give it once.",
    });
  }
  const prompt = await take(argument ?? options.prompt, options, terminal, directory);
  return prompt === undefined ? undefined : checked(prompt);
}

function checked(prompt: string): string {
  if (prompt.trim() !== "") return prompt;
  throw new InvalidOptionsError("The prompt is empty", {
    hint: 'Give one: glovebox run "Build a todo app", or --prompt-file FILE, or on standard input.',
  });
}

async function take(
  text: string | undefined,
  options: RunOptions,
  terminal: Terminal,
  directory: string,
): Promise<string | undefined> {
  if (text !== undefined) return text;
  if (options.promptFile === "-") return await readStandardInput(terminal);
  if (options.promptFile !== undefined) {
    const path = resolve(directory, options.promptFile);
    const content = await readNamedFile(path, { maxBytes: mostBytes });
    if (content === undefined) throw new InvalidOptionsError(`--prompt-file: ${path} does not exist`);
    return content;
  }
  if (!terminal.stdin.isTTY) return await readStandardInput(terminal);
  return mayAsk(terminal, options) ? undefined : "";
}

async function readStandardInput({ stdin }: Terminal): Promise<string> {
  return await readTextStream(stdin, "The prompt on standard input", { maxBytes: mostBytes });
}

/** Asks for the prompt. */
export async function askPrompt(): Promise<string> {
  const { isCancel, text } = await import("@clack/prompts");
  const answer = await text({ message: "What should the agent do?", output: process.stderr });
  if (isCancel(answer)) throw new SandboxAbortedError("Cancelled");
  return checked(answer ?? "");
}
