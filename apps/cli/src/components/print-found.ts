import { join } from "node:path";
import {
  type ComponentKind,
  listCatalogs,
  openCatalogs,
  readLock,
  type SearchResult,
  type SourceSpec,
  searchCatalogs,
} from "@glovebox/components";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { safeLine, safeName } from "@glovebox/core/text";
import { printSources } from "../print/print-sources.ts";
import type { Terminal } from "../terminal.ts";
import { type ComponentOptions, lockName } from "./component-options.ts";
import { componentPlace } from "./component-place.ts";

export interface FindOptions extends ComponentOptions {
  readonly type?: readonly ComponentKind[];
  readonly limit?: number;
  /** Only these sources, by name. */
  readonly source?: readonly string[];
  readonly json?: boolean;
}

/** `glovebox components list` and `search`: with no words, everything. */
export async function printFound(words: readonly string[], options: FindOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr, cwd } = terminal;
  const { specs, context } = await componentPlace(options, terminal);
  const catalogs = await openCatalogs(chosen(specs, options.source), context, await readLock(join(cwd, lockName)));
  printSources(catalogs, stderr, options.verbose);
  const { type: kinds, limit } = options;
  const wish = { ...(kinds === undefined ? {} : { kinds }), ...(limit === undefined ? {} : { limit }) };
  const found =
    words.length === 0 ? listCatalogs(catalogs, kinds) : await searchCatalogs(catalogs, words.join(" "), wish);
  if (options.json) for (const { source, entry } of found) stdout.json(described(source, entry));
  else if (found.length === 0) stderr.line("Nothing was found.");
  else {
    const rows = found.map(({ source, entry }) => [entry.kind, safeName(`${source}:${entry.name}`), about(entry)]);
    stdout.table(["KIND", "NAME", "ABOUT"], rows);
  }
  return 0;
}

/** The sources that are asked for; no other is fetched. */
function chosen(specs: readonly SourceSpec[], names: readonly string[] | undefined): readonly SourceSpec[] {
  const unknown = names?.find((name) => !specs.some((spec) => spec.name === name));
  if (unknown !== undefined) {
    throw new InvalidOptionsError(`--source ${unknown} is not configured`, {
      hint: `Sources: ${specs.map(({ name }) => name).join(", ")}`,
    });
  }
  return names === undefined ? specs : specs.filter(({ name }) => names.includes(name));
}

function described(source: string, entry: SearchResult["entry"]): Record<string, unknown> {
  const { kind, name, path, description, problem, missingScript, obstacle, external } = entry;
  return {
    kind,
    name,
    source,
    path,
    description,
    ...(problem === undefined ? {} : { problem }),
    ...(missingScript === undefined ? {} : { missingScript }),
    ...(obstacle === undefined ? {} : { obstacle }),
    ...(external === undefined ? {} : { external }),
  };
}

function about({ description, problem, missingScript, obstacle, external }: SearchResult["entry"]): string {
  if (problem !== undefined) return `cannot be installed: it ${safeLine(problem, 80)}`;
  if (external !== undefined) return safeLine(`(elsewhere: ${safeLine(external, 60)}) ${description}`, 140);
  if (missingScript !== undefined) return `needs a ${safeLine(missingScript, 60)} of your own`;
  return obstacle === undefined ? safeLine(description, 80) : `cannot work in a sandbox: it ${safeLine(obstacle, 80)}`;
}
