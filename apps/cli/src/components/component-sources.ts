import { type ComponentRequest, defaultSource, parseSource, type SourceSpec } from "@glovebox/components";
import type { UserConfig } from "../config/user-config.ts";

/** The catalogs that names are looked for in: the usual one, the configuration's, then the command line's. */
export function componentSources(
  flags: readonly string[],
  user: UserConfig,
  places: { readonly home: string; readonly directory: string },
): SourceSpec[] {
  const specs = [
    defaultSource,
    ...Object.entries(user.components?.sources ?? {}).map(([name, text]) => ({
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
    .map(({ name }) => specs.find((spec) => name.startsWith(`${spec.name}:`)));
  return named.includes(undefined) ? [...specs] : specs.filter((spec) => named.includes(spec));
}
