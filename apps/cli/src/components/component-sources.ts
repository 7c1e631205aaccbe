import { type ComponentRequest, defaultSource, parseSource, type SourceSpec } from "@glovebox/components";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { UserConfig } from "../config/user-config.ts";

/** The catalogs that names are looked for in: the usual one, the configuration's, then the command line's. */
export function componentSources(
  flags: readonly string[],
  user: UserConfig,
  places: { readonly home: string; readonly directory: string },
): SourceSpec[] {
  const specs = [
    defaultSource,
    ...Object.entries(user.componentsSource ?? {}).map(([name, text]) => ({
      ...parseSource(text, places.home),
      name,
    })),
    ...flags.map((text) => parseSource(text, places.directory)),
  ];
  // One of the same name takes the place of the earlier: so does a `templates` of one's own.
  return [...new Map(specs.map((spec) => [spec.name, spec])).values()];
}

/** The sources that the names can lie in: none is fetched for a name that says that it lies elsewhere. */
export function sourcesOf(requests: readonly ComponentRequest[], specs: readonly SourceSpec[]): SourceSpec[] {
  const named = requests
    .filter(({ name }) => !/^(?:\.{0,2}\/|~\/|\.{1,2}$)/.test(name))
    .map((request) => sourceOf(request, specs));
  return named.includes(undefined) ? [...specs] : specs.filter((spec) => named.includes(spec));
}

function sourceOf({ kind, name }: ComponentRequest, specs: readonly SourceSpec[]): SourceSpec | undefined {
  const wanted = /^([A-Za-z][A-Za-z0-9._-]*):/.exec(name)?.[1];
  if (wanted === undefined) return undefined;
  const spec = specs.find((known) => known.name === wanted);
  if (spec !== undefined) return spec;
  throw new InvalidOptionsError(`--${kind} ${name} names a source that is not configured`, {
    hint: `Sources: ${specs.map((known) => known.name).join(", ")}`,
  });
}
