import { resolve } from "node:path";
import { SandboxError } from "@glovebox/core";
import { readHostText } from "@glovebox/core/host-files";
import { dropUndefined } from "@glovebox/core/provider";
import type { Matrix } from "../file/batch-file.ts";
import { type BatchFile, problemsError, type SourceRow } from "../file/read-batch-file.ts";
import { componentKeys, type RowInput } from "../file/row-input.ts";
import { type BatchRow, batchRowSchema } from "./batch-row.ts";
import { RowIds } from "./row-ids.ts";

/** How the rows of a file become those of a batch. */
export interface ExpandRowsOptions {
  readonly file: BatchFile;
  /** The file's name, for messages. */
  readonly name: string;
  /** What paths in the file are relative to: the file's directory. */
  readonly directory: string;
  /** What has priority over the rows. Lists are added to theirs. Paths in it are absolute. */
  readonly overrides?: Omit<RowInput, "id" | "prompt" | "promptFile">;
  /** What is used where neither a row nor an override names one. */
  readonly fallback: { readonly provider: string; readonly harness: string };
}

const mostRows = 10_000;
const mostPromptBytes = 1024 * 1024;

/**
 * Applies defaults and overrides, reads the prompt files, and multiplies the rows by the matrix and their repetitions.
 * Throws `invalid-options` that names every problem.
 */
export async function expandRows(options: ExpandRowsOptions): Promise<readonly BatchRow[]> {
  const { file, name } = options;
  const problems = contradictions(options);
  const ids = new RowIds();
  const rows: BatchRow[] = [];
  for (const sourceRow of file.rows) {
    const base = await baseOf(sourceRow, options).catch((error: unknown) => {
      if (!SandboxError.isInstance(error)) throw error;
      problems.push(`${sourceRow.source}: ${error.message}`);
    });
    if (base === undefined) continue;
    const variants = variantsOf(base, file.matrix);
    if (rows.length + variants.length * base.repeat > mostRows)
      throw problemsError(name, [`it has more than ${mostRows} rows`]);
    const candidates = variants.flatMap((variant) => Array.from({ length: base.repeat }, () => variant));
    const named = ids.take(sourceRow.input.id, candidates.length);
    if (named === undefined) {
      problems.push(`${sourceRow.source}: the id ${sourceRow.input.id} is used twice`);
      continue;
    }
    for (const [index, candidate] of candidates.entries()) {
      rows.push(batchRowSchema.parse({ ...candidate, id: named.ids[index], group: named.group }));
    }
  }
  if (problems.length > 0) throw problemsError(name, problems);
  return rows;
}

function contradictions({ file: { matrix }, overrides = {} }: ExpandRowsOptions): string[] {
  const pairs = [
    ["models", "model"],
    ["providers", "provider"],
  ] as const;
  return pairs.flatMap(([dimension, key]) =>
    matrix[dimension] === undefined || overrides[key] === undefined
      ? []
      : [`matrix.${dimension} and --${key} contradict each other: leave one out`],
  );
}

type Base = Omit<BatchRow, "id" | "group"> & { readonly repeat: number; readonly sets: RowInput };

async function baseOf(row: SourceRow, options: ExpandRowsOptions): Promise<Base> {
  const { file, directory, overrides = {}, fallback } = options;
  const merged = merge(file.defaults, row.input);
  const pathOf = (path: string) => resolve(directory, path);
  const sets: RowInput = { ...row.input, ...overrides };
  const lists = (key: keyof RowInput & ("env" | (typeof componentKeys)[number])) => [
    ...(merged[key] ?? []).map((one) => (isPath(one) ? pathOf(one) : one)),
    ...(overrides[key] ?? []),
  ];
  const components = Object.fromEntries(
    componentKeys.flatMap((key) => (lists(key).length === 0 ? [] : [[key, lists(key)]])),
  );
  const workspace = overrides.workspace ?? (merged.workspace === undefined ? undefined : pathOf(merged.workspace));
  return {
    source: row.source,
    sets,
    repeat: overrides.repeat ?? merged.repeat ?? 1,
    prompt: await promptOf(merged, row, pathOf),
    provider: overrides.provider ?? merged.provider ?? fallback.provider,
    harness: overrides.harness ?? merged.harness ?? fallback.harness,
    components,
    limits: { ...merged.limits, ...overrides.limits },
    network: {
      ...dropUndefined({ mode: overrides.network?.mode ?? merged.network?.mode }),
      allow: [...(merged.network?.allow ?? []), ...(overrides.network?.allow ?? [])],
    },
    env: lists("env"),
    ...dropUndefined({
      promptFile: merged.promptFile === undefined ? undefined : pathOf(merged.promptFile),
      workspace,
      model: overrides.model ?? merged.model,
      template: overrides.template ?? templateOf(merged, pathOf),
      verify: overrides.verify ?? merged.verify,
      verifyProtect: merged.verifyProtect,
      verifyExpect: merged.verifyExpect,
      verifyTimeout: merged.verifyTimeout,
      verifyAllow: merged.verifyAllow,
    }),
  };
}

function merge(defaults: RowInput, row: RowInput): RowInput {
  const prompt =
    row.prompt === undefined && row.promptFile === undefined ? {} : { prompt: undefined, promptFile: undefined };
  return dropUndefined({
    ...defaults,
    ...prompt,
    ...row,
    limits: { ...defaults.limits, ...row.limits },
    network: { ...defaults.network, ...row.network },
  }) as RowInput;
}

async function promptOf({ prompt, promptFile }: RowInput, { source }: SourceRow, pathOf: (path: string) => string) {
  if (prompt !== undefined && promptFile !== undefined)
    throw new SandboxError("invalid-options", "has both a prompt and a promptFile");
  if (prompt !== undefined) return prompt;
  if (promptFile === undefined) throw new SandboxError("invalid-options", "has no prompt");
  const text = await readHostText(pathOf(promptFile), { maxBytes: mostPromptBytes });
  if (text === undefined)
    throw new SandboxError("invalid-options", `promptFile ${promptFile} does not exist (${source})`);
  if (text.trim() === "") throw new SandboxError("invalid-options", `promptFile ${promptFile} is empty`);
  return text;
}

/** A template is named, or described in a file. */
function templateOf({ template }: RowInput, pathOf: (path: string) => string): string | undefined {
  return template === undefined || /^[a-z0-9-]+$/.test(template) ? template : pathOf(template);
}

/** A component that is a file or a directory, as on the command line. */
function isPath(name: string): boolean {
  return /^\.{0,2}\//.test(name);
}

/** A row for each combination of what it does not set itself. */
function variantsOf({ sets, repeat: _, ...base }: Base, matrix: Matrix): Omit<BatchRow, "id" | "group">[] {
  const agents = sets.agents === undefined ? matrix.agents : undefined;
  const models = sets.model === undefined ? matrix.models : undefined;
  const providers = sets.provider === undefined ? matrix.providers : undefined;
  return (agents ?? [undefined]).flatMap((named) =>
    (models ?? [undefined]).flatMap((model) =>
      (providers ?? [undefined]).map((provider) => ({
        ...base,
        ...dropUndefined({ model, provider }),
        ...(named === undefined
          ? {}
          : { components: { ...base.components, agents: typeof named === "string" ? [named] : named } }),
      })),
    ),
  );
}
