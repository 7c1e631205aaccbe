import { resolve } from "node:path";
import type { BatchRow, RowComponents, RowInput, RowLimits } from "@glovebox/batch";
import { dropUndefined } from "@glovebox/core/provider";
import type { RunOptions } from "../config/run-options.ts";
import type { BatchInput } from "./batch-options.ts";

/** The settings of `run` by the limits of a row: they have the same names and units. */
const limitNames = [
  "timeout",
  "idleTimeout",
  "maxTurns",
  "cpus",
  "memory",
  "pids",
  "openFiles",
  "tmpSize",
  "shmSize",
  "disk",
] as const satisfies readonly (keyof RowLimits)[];

const componentFlags: Readonly<Record<keyof RowComponents, string>> = {
  agents: "agent",
  commands: "command",
  mcp: "mcp",
  settings: "setting",
  hooks: "hook",
  skills: "skill",
  plugins: "plugin",
};

/** Flags that a row has as well: they are in the rows, and not among what all rows share. */
const rowFlags = [
  "provider",
  "sandbox",
  "harness",
  "model",
  "workspace",
  "template",
  "network",
  ...limitNames,
] as const;

/** What the flags of the command line set in every row. */
export function overridesOf(
  { flags, options }: BatchInput,
  directory: string,
): Omit<RowInput, "id" | "prompt" | "promptFile"> {
  const limits = {
    ...Object.fromEntries(limitNames.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]]))),
    ...dropUndefined({ maxCost: options.maxCostPerRow }),
  };
  return dropUndefined({
    provider: flags.sandbox ?? flags.provider,
    harness: flags.harness,
    model: flags.model,
    workspace: flags.workspace === undefined ? undefined : resolve(directory, flags.workspace),
    template: flags.template === undefined ? undefined : templateFrom(flags.template, directory),
    network: flags.network === undefined ? undefined : { mode: flags.network },
    repeat: options.repeat,
    verify: options.verify,
    limits: Object.keys(limits).length === 0 ? undefined : limits,
  });
}

/** The options of `run` that all rows share. */
export function sharedOptions({ flags, variables }: BatchInput): RunOptions {
  const rest = Object.entries(flags).filter(([name]) => !rowFlags.some((flag) => flag === name));
  const { directory: _, ...shared } = { ...variables, ...Object.fromEntries(rest) };
  return shared;
}

/** The options that `run` would have for a row. */
export function rowOptions(row: BatchRow, shared: RunOptions, outputDirectory: string): RunOptions {
  const components = Object.entries(componentFlags).map(([key, flag]) => [
    flag,
    joined(shared[flag], row.components[key as keyof RowComponents]),
  ]);
  return dropUndefined({
    ...shared,
    ...row.limits,
    ...Object.fromEntries(components),
    provider: row.provider,
    sandbox: undefined,
    harness: row.harness,
    model: row.model ?? shared.model,
    workspace: row.workspace ?? shared.workspace,
    template: row.template ?? shared.template,
    network: row.network.mode ?? shared.network,
    allowHost: joined(shared.allowHost, row.network.allow),
    env: joined(shared.env, row.env),
    output: outputDirectory,
  }) as RunOptions;
}

/** A description is found wherever the batch is resumed; the name of a template stays what it is. */
function templateFrom(template: string, directory: string): string {
  return /^[a-z0-9-]+$/.test(template) ? template : resolve(directory, template);
}

function joined(first: unknown, second: readonly string[] = []): readonly string[] | undefined {
  const all = [...(Array.isArray(first) ? (first as readonly string[]) : []), ...second];
  return all.length === 0 ? undefined : all;
}
