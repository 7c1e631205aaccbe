import { isDeepStrictEqual } from "node:util";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { Catalog } from "../catalog/catalog.ts";
import type { ExternalPlugin } from "../catalog/catalog-entry.ts";
import { openCatalog } from "../catalog/open-catalog.ts";
import type { ComponentLock } from "../lock/component-lock.ts";
import { formatSource } from "../sources/format-source.ts";
import { parseSource } from "../sources/parse-source.ts";
import type { SourceContext } from "../sources/source-context.ts";
import type { SourceSpec } from "../sources/source-spec.ts";
import { withoutCredentials } from "../sources/without-credentials.ts";
import type { ComponentRequest } from "./component-request.ts";
import { isPathName } from "./parse-requests.ts";
import { pathComponent } from "./path-component.ts";
import { type ResolvedName, resolveName } from "./resolve-name.ts";

export interface ResolveOptions {
  readonly lock: ComponentLock;
  readonly cwd: string;
  readonly context: SourceContext;
}

/** What every request means, each component once. Fetches plugins that lie elsewhere when one of theirs is named. */
export async function resolveRequests(
  requests: readonly ComponentRequest[],
  catalogs: readonly Catalog[],
  options: ResolveOptions,
): Promise<ResolvedName[]> {
  const found = new Map<string, ResolvedName>();
  let known = catalogs;
  for (const request of requests) {
    if (!isPathName(request.name)) known = await withExternal(request, known, options);
    const resolved = isPathName(request.name) ? await pathComponent(request, options.cwd) : resolveName(request, known);
    const key = [request.kind, formatSource(resolved.catalog.spec), resolved.entry.name].join("\n");
    found.set(key, resolved);
  }
  return [...found.values()];
}

/** The catalogs, and that of the external plugin that the request names: `plugin/name`, or `source:plugin/name`. */
async function withExternal(
  request: ComponentRequest,
  catalogs: readonly Catalog[],
  options: ResolveOptions,
): Promise<readonly Catalog[]> {
  const [, sourceName, inside = ""] = /^(?:([A-Za-z][A-Za-z0-9._-]*):)?(.*)$/s.exec(request.name) ?? [];
  const name = inside.slice(0, Math.max(inside.indexOf("/"), 0));
  for (const catalog of catalogs) {
    if (sourceName !== undefined && catalog.spec.name !== sourceName) continue;
    const plugin = catalog.external.find((item) => item.name === name);
    if (plugin === undefined) continue;
    const spec = externalSpec(catalog, plugin, options.cwd);
    if (catalogs.some((known) => isDeepStrictEqual(known.spec, spec))) return catalogs;
    const revision = options.lock.sources[withoutCredentials(formatSource(spec))];
    return [...catalogs, await openCatalog(spec, options.context, revision)];
  }
  return catalogs;
}

/** A marketplace that was fetched must not make this machine read its own files. */
function externalSpec(catalog: Catalog, plugin: ExternalPlugin, cwd: string): SourceSpec {
  const spec = parseSource(plugin.source, cwd);
  const isLocal = spec.kind === "folder" || spec.location.startsWith("file:") || spec.location.startsWith("/");
  const mayBeLocal = catalog.spec.kind === "folder" || catalog.spec.location.startsWith("file:");
  if (isLocal && !mayBeLocal)
    throw new InvalidOptionsError(
      `The plugin ${plugin.name} of ${catalog.spec.name} is said to lie on this machine: ${plugin.source}`,
    );
  return { ...spec, name: catalog.spec.name, plugin: plugin.name };
}
