import type { Command, Option } from "commander";

export interface Candidate {
  readonly text: string;
  readonly description: string;
}

/** Values that only this machine knows, by what they are for. */
export interface CompletionValues {
  readonly runs: () => readonly string[];
  readonly batches: () => readonly string[];
  readonly providers: () => readonly string[];
  readonly harnesses: () => readonly string[];
}

/** What could stand at the end of the line, by the definitions of the commands. None where a file or a text belongs. */
export function complete(program: Command, words: readonly string[], values: CompletionValues): readonly Candidate[] {
  const before = words.slice(0, -1);
  const last = words.at(-1) ?? "";
  const { command, pending, positions } = walk(program, before);
  // bash makes words of their own of what is before and after a `=`.
  const typed = last === "=" ? "" : last;
  if (pending !== undefined) return matching(valuesOf(pending, values), typed);
  const [name = "", inline] = /^(--[^=]+)=(.*)$/s.exec(last)?.slice(1) ?? [];
  if (inline !== undefined) {
    const option = findOption(command, name);
    const found = option === undefined ? [] : matching(valuesOf(option, values), inline);
    return found.map(({ text, description }) => ({ text: `${name}=${text}`, description }));
  }
  if (last.startsWith("-")) return matching(optionsOf(command), last);
  return matching([...subcommandsOf(command), ...argumentValues(program, command, positions, values)], last);
}

/** Follows the words to the command that they name; `pending` is an option that waits for its value. */
function walk(program: Command, words: readonly string[]) {
  let command = program;
  let pending: Option | undefined;
  let positions = 0;
  for (const word of words) {
    if (word === "=" && pending !== undefined) continue;
    if (pending !== undefined) pending = undefined;
    else if (word.startsWith("-")) {
      const option = findOption(command, word);
      pending = option?.required ? option : undefined;
    } else {
      const child = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
      if (child === undefined) positions += 1;
      else [command, positions] = [child as Command, 0];
    }
  }
  return { command, pending, positions };
}

function findOption({ options }: Command, flag: string): Option | undefined {
  return options.find(({ long, short }) => long === flag || short === flag);
}

function optionsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) => (long ? [{ text: long, description }] : []));
}

function subcommandsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((child) => ({ text: child.name(), description: child.summary() || child.description() }));
}

function valuesOf({ argChoices, long }: Option, values: CompletionValues): Candidate[] {
  const known =
    argChoices ?? (long === "--provider" ? values.providers() : long === "--harness" ? values.harnesses() : []);
  return known.map((text) => ({ text, description: "" }));
}

function argumentValues(
  program: Command,
  command: Command,
  position: number,
  values: CompletionValues,
): readonly Candidate[] {
  const { registeredArguments } = command;
  const argument =
    registeredArguments[position] ?? (registeredArguments.at(-1)?.variadic ? registeredArguments.at(-1) : undefined);
  if (argument === undefined) return [];
  if (argument.argChoices !== undefined) return argument.argChoices.map((text) => ({ text, description: "" }));
  if (argument.name() === "run") return values.runs().map((text) => ({ text, description: "run" }));
  if (argument.name() === "batch") return values.batches().map((text) => ({ text, description: "batch" }));
  if (argument.name() === "provider") return values.providers().map((text) => ({ text, description: "provider" }));
  return command.name() === "help" ? subcommandsOf(program) : [];
}

function matching(candidates: readonly Candidate[], start: string): Candidate[] {
  return candidates.filter(({ text }) => text.startsWith(start));
}
