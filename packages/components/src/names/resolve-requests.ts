import { isDeepStrictEqual } from "node:util";
import { InvalidOptionsError, SandboxError, SandboxNotFoundError } from "@glovebox/core/provider";
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
  const queue = [...requests];
  const wrong: SandboxError[] = [];
  for (const request of queue) {
    if (!isPathName(request.name)) known = await withExternal(request, known, options);
    const resolved = await resolveOne(request, known, options.cwd).catch((error: unknown) => {
      if (!SandboxError.isInstance(error) || !wrongNames.has(error.code)) throw error;
      wrong.push(error);
    });
    if (resolved === undefined) continue;
    const key = [request.kind, formatSource(resolved.catalog.spec), resolved.entry.name].join("\n");
    if (request.kind === "loop" && !found.has(key)) queue.push(...(await neededBy(resolved)));
    found.set(key, resolved);
  }
  if (wrong.length > 0) throw allWrong(wrong);
  return [...found.values()];
}

const wrongNames: ReadonlySet<string> = new Set(["not-found", "invalid-options"]);

async function resolveOne(request: ComponentRequest, catalogs: readonly Catalog[], cwd: string): Promise<ResolvedName> {
  return isPathName(request.name) ? await pathComponent(request, cwd) : resolveName(request, catalogs);
}

/** One error for all that is wrong with the names, so that nobody has to find them one after the other. */
function allWrong(errors: readonly SandboxError[]): SandboxError {
  const [first] = errors;
  if (first !== undefined && errors.length === 1) return first;
  const hints = [...new Set(errors.flatMap(({ hint }) => hint ?? []))];
  const message = errors.map(({ message: one }) => one).join("; ");
  const options = hints.length === 0 ? {} : { hint: hints.join("; ") };
  const isMissing = errors.every(({ code }) => code === "not-found");
  return isMissing ? new SandboxNotFoundError(message, options) : new InvalidOptionsError(message, options);
}

/** What a loop names comes with it, from the same catalog. */
async function neededBy({ catalog, entry }: ResolvedName): Promise<ComponentRequest[]> {
  if (entry.problem !== undefined) return [];
  // Loaded for loops alone: a search has no use for what reads components.
  const { neededComponents } = await import("../kinds/read-loop.ts");
  const source = catalog.spec.name === "path" ? "" : `${catalog.spec.name}:`;
  const needed = neededComponents(await (await catalog.tree()).read(entry.path));
  return needed.map(({ kind, name }) => ({ kind, name: `${source}${name}` }));
}

/** The catalogs, and that of the external plugin that the request names: `plugin/name`, or `source:plugin/name`. */
async function withExternal(
  request: ComponentRequest,
  catalogs: readonly Catalog[],
  options: ResolveOptions,
): Promise<readonly Catalog[]> {
  const [, sourceName, inside = ""] = /^(?:([A-Za-z][A-Za-z0-9._-]*):)?(.*)$/s.exec(request.name) ?? [];
  const name = request.kind === "plugin" ? inside : inside.slice(0, Math.max(inside.indexOf("/"), 0));
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
  const isLocal = spec.kind === "directory" || spec.location.startsWith("file:") || spec.location.startsWith("/");
  const mayBeLocal = catalog.spec.kind === "directory" || catalog.spec.location.startsWith("file:");
  if (isLocal && !mayBeLocal)
    throw new InvalidOptionsError(
      `The plugin ${plugin.name} of ${catalog.spec.name} is said to lie on this machine: ${plugin.source}`,
    );
  return { ...spec, name: catalog.spec.name, plugin: plugin.name };
}
