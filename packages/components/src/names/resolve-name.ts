import { InvalidOptionsError, SandboxNotFoundError } from "@glovebox/core/provider";
import { editDistance } from "@glovebox/core/text";
import { baseName } from "../catalog/base-name.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { CatalogEntry } from "../catalog/catalog-entry.ts";
import type { ComponentRequest } from "./component-request.ts";

export interface ResolvedName {
  readonly catalog: Catalog;
  readonly entry: CatalogEntry;
}

const maxListed = 20;

/**
 * The one component that a name means. A whole name wins; otherwise the end of one, at a slash. Throws
 * `invalid-options` with every candidate when several fit, `not-found` with the nearest when none does.
 */
export function resolveName(request: ComponentRequest, catalogs: readonly Catalog[]): ResolvedName {
  const { kind, name } = request;
  const [, sourceName, inside = name] = /^([A-Za-z][A-Za-z0-9._-]*):(.*)$/s.exec(name) ?? [];
  const searched = sourceName === undefined ? catalogs : catalogs.filter((catalog) => catalog.spec.name === sourceName);
  if (sourceName !== undefined && searched.length === 0) throw unknownSource(request, catalogs);
  const all = searched.flatMap((catalog) =>
    catalog.entries
      .filter((entry) => entry.kind === kind && entry.external === undefined)
      .map((entry) => ({ catalog, entry })),
  );
  const whole = all.filter(({ entry }) => entry.name === inside);
  const fitting = whole.length > 0 ? whole : all.filter(({ entry }) => entry.name.endsWith(`/${inside}`));
  const [first, second] = fitting;
  if (first === undefined) throw unknownName(request, inside, all, searched);
  if (second !== undefined) throw ambiguousName(request, fitting);
  return first;
}

function unknownSource(request: ComponentRequest, catalogs: readonly Catalog[]): InvalidOptionsError {
  return new InvalidOptionsError(`--${request.kind} ${request.name} names a source that is not configured`, {
    hint: `Sources: ${catalogs.map((catalog) => catalog.spec.name).join(", ") || "none"}`,
  });
}

function ambiguousName(request: ComponentRequest, fitting: readonly ResolvedName[]): InvalidOptionsError {
  const severalSources = new Set(fitting.map(({ catalog }) => catalog.spec.name)).size > 1;
  const names = fitting.map(({ catalog, entry }) =>
    severalSources ? `${catalog.spec.name}:${entry.name}` : entry.name,
  );
  const more = names.length > maxListed ? ` and ${names.length - maxListed} more` : "";
  return new InvalidOptionsError(
    `--${request.kind} ${request.name} fits several: ${names.slice(0, maxListed).join(", ")}${more}`,
    { hint: "Name one of them." },
  );
}

function unknownName(
  request: ComponentRequest,
  inside: string,
  all: readonly ResolvedName[],
  searched: readonly Catalog[],
): SandboxNotFoundError {
  const otherKinds = searched.flatMap((catalog) =>
    catalog.entries.filter((entry) => entry.name === inside || baseName(entry.name) === baseName(inside)),
  );
  const others = otherKinds
    .filter((entry) => entry.kind !== request.kind)
    .map((entry) => `${entry.kind} ${entry.name}`);
  const near = [...others, ...nearest(inside, all).map((name) => `${request.kind} ${name}`)].slice(0, 5);
  return new SandboxNotFoundError(`There is no ${request.kind} called ${JSON.stringify(request.name)}`, {
    hint: near.length > 0 ? `Nearest: ${near.join(", ")}` : "See `glovebox components list`.",
  });
}

/** The names that differ least: as a whole where a category was given, in their last part otherwise. */
function nearest(wanted: string, all: readonly ResolvedName[]): string[] {
  const low = wanted.toLowerCase();
  const scored = all.map(({ entry }) => {
    const name = entry.name.toLowerCase();
    const whole = editDistance(low, name);
    const last = editDistance(baseName(low), baseName(name));
    return { name: entry.name, score: Math.min(whole, last), whole };
  });
  scored.sort((a, b) => a.score - b.score || a.whole - b.whole || (a.name < b.name ? -1 : 1));
  return scored.slice(0, 3).map(({ name }) => name);
}
