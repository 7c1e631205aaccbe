import { SandboxError } from "@glovebox/core/provider";
import { safeText } from "@glovebox/core/text";
import { CommanderError } from "commander";
import type { Output } from "../output.ts";
import type { Environment } from "../terminal.ts";
import { asTyped } from "./command-name.ts";
import { adviceLine } from "./describe-remedy.ts";
import { shownMessage } from "./shown-message.ts";

/** The one form in which errors are shown: what went wrong, then what to do about it. */
export function printError(error: unknown, output: Output, env: Environment): void {
  const { message, hint } = describe(error);
  if (message === "") return;
  // What somebody has stopped has not failed.
  const isStopped = SandboxError.isInstance(error) && error.code === "aborted";
  output.line(isStopped ? shownMessage(message) : `${output.colors.red("error:")} ${shownMessage(message)}`);
  if (hint !== undefined) output.line(`${output.colors.cyan("hint:")} ${asTyped(safeText(hint), env)}`);
  if (env.GLOVEBOX_DEBUG && error instanceof Error) output.line(output.colors.dim(safeText(stackOf(error))));
}

function describe(error: unknown): { readonly message: string; readonly hint?: string | undefined } {
  if (error instanceof CommanderError) return describeUsage(error);
  if (SandboxError.isInstance(error)) return { message: error.message, hint: adviceLine(error) };
  const message = error instanceof Error ? error.message : String(error);
  return { message: `Unexpected: ${message}`, hint: "Set GLOVEBOX_DEBUG=1 to see where it comes from." };
}

/** commander's message is `error: …`, with its suggestion in brackets or what is expected at the end. */
function describeUsage(error: CommanderError): { readonly message: string; readonly hint?: string } {
  if (error.exitCode === 0) return { message: "" };
  if (error.code === "commander.help") return { message: "A subcommand is missing.", hint: "See --help." };
  const text = error.message.replace(/^error: /, "");
  const suggestion = /^([\s\S]*)\n\((.*)\)$/.exec(text);
  if (suggestion?.[1] !== undefined && suggestion[2] !== undefined) {
    return { message: suggestion[1], hint: suggestion[2] };
  }
  const invalid = /^([\s\S]* is invalid\.) ([\s\S]+)$/.exec(text);
  if (invalid?.[1] !== undefined && invalid[2] !== undefined) return { message: invalid[1], hint: invalid[2] };
  if (error.code === "commander.unknownOption" && /'-(?:[^-].{2,}|.*\s.*)'/s.test(text)) {
    return {
      message: text,
      hint: "A prompt that starts with a dash is given as --prompt=…, or in a file with --prompt-file.",
    };
  }
  if (error.code === "commander.unknownCommand" && /'.* .*'/.test(text)) {
    return { message: text, hint: 'A prompt goes to run: glovebox run "…".' };
  }
  return { message: text, hint: "See --help." };
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
