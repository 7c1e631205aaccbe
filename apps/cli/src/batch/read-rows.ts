import { basename, dirname, resolve } from "node:path";
import { type BatchFile, type BatchRow, expandRows, readBatchFile, rowsOfPromptDirectory } from "@glovebox/batch";
import { readNamedFile, readTextStream } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { builtIn } from "../built-in.ts";
import { didYouMean } from "../config/did-you-mean.ts";
import type { UserConfig } from "../config/user-config.ts";
import type { Terminal } from "../terminal.ts";
import type { BatchInput } from "./batch-options.ts";
import { overridesOf } from "./row-options.ts";

/** The rows of a batch, and where they come from. */
export interface ReadRows {
  readonly rows: readonly BatchRow[];
  /** For messages and lists: `batch.yaml`, a directory, or `standard input`. */
  readonly source: string;
  /** What paths of the rows are relative to. */
  readonly directory: string;
}

const mostBytes = 10 * 1024 * 1024;
const dimensions = ["prompts", "agents", "models", "providers"] as const;

/** Reads the rows from the file, the directory of prompts or standard input, with what the command line adds. */
export async function readRows(
  input: BatchInput,
  { terminal, directory, user }: { readonly terminal: Terminal; readonly directory: string; readonly user: UserConfig },
): Promise<ReadRows> {
  const { options, variables } = input;
  const found = await fileOf(input, terminal, directory);
  const file = { ...found.file, matrix: { ...found.file.matrix, ...matrixOf(options.matrix ?? []) } };
  const rows = await expandRows({
    file,
    name: found.source,
    directory: found.directory,
    overrides: overridesOf(input, directory),
    fallback: {
      provider: variables.provider ?? user.provider ?? builtIn.provider,
      harness: variables.harness ?? user.harness ?? builtIn.harness,
    },
  });
  return { rows, source: found.source, directory: found.directory };
}

interface FoundFile {
  readonly file: BatchFile;
  readonly source: string;
  readonly directory: string;
}

async function fileOf({ file, options }: BatchInput, terminal: Terminal, directory: string): Promise<FoundFile> {
  const { promptDir, format } = options;
  if (promptDir !== undefined && file !== undefined)
    throw new InvalidOptionsError("The rows come from one place: a file or --prompt-dir");
  if (promptDir !== undefined) {
    const path = resolve(directory, promptDir);
    return {
      file: { defaults: {}, matrix: {}, rows: await rowsOfPromptDirectory(path) },
      source: promptDir,
      directory: path,
    };
  }
  if (file === undefined || file === "-") {
    if (file === undefined && terminal.stdin.isTTY) {
      throw new InvalidOptionsError("No batch file", {
        hint: "Name one: glovebox batch FILE; or a directory of prompts: --prompt-dir DIR. `glovebox batch --help` shows an example.",
      });
    }
    const source = "standard input";
    const text = await readTextStream(terminal.stdin, "The batch on standard input", { maxBytes: mostBytes });
    return { file: readBatchFile({ text, name: source, format }), source, directory };
  }
  const path = resolve(directory, file);
  const text = await readNamedFile(path, { maxBytes: mostBytes });
  if (text === undefined) {
    throw new InvalidOptionsError(`There is no file ${path}`, {
      hint: "Commands are: glovebox batch resume, list, show, report, compare, pick, stop, rm. See `glovebox batch --help`.",
    });
  }
  return { file: readBatchFile({ text, name: basename(path), format }), source: file, directory: dirname(path) };
}

/** `models=opus,haiku`, once for each dimension. */
function matrixOf(texts: readonly string[]): BatchFile["matrix"] {
  const entries = texts.map((text) => {
    const [, name = "", list = ""] = /^([a-z]+)=(.+)$/s.exec(text) ?? [];
    const known = dimensions.find((dimension) => dimension === name || dimension === `${name}s`);
    if (known === undefined) {
      const meant = didYouMean(name, dimensions);
      throw new InvalidOptionsError(`--matrix ${text} is not KEY=A,B`, {
        hint: meant === undefined ? `The keys are ${dimensions.join(", ")}.` : `Did you mean ${meant}=…?`,
      });
    }
    const values = list.split(",").map((value) => value.trim());
    // Several agents of one candidate are joined by a plus sign; a minus sign stands for no agent.
    if (known !== "agents") return [known, values];
    return [known, values.map((value) => (value === "-" ? [] : value.split("+")))];
  });
  return Object.fromEntries(entries) as BatchFile["matrix"];
}
