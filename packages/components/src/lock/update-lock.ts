import type { Catalog } from "../catalog/catalog.ts";
import { openCatalog } from "../catalog/open-catalog.ts";
import { ComponentRefusal } from "../kinds/component-refusal.ts";
import { lockedSource } from "../sources/format-source.ts";
import type { SourceContext } from "../sources/source-context.ts";
import type { SourceSpec } from "../sources/source-spec.ts";
import type { ComponentLock, LockedComponent } from "./component-lock.ts";

/** What an update did to one component. */
export interface ComponentChange {
  readonly component: LockedComponent;
  /** Its hash at the newest state; absent when it is gone or cannot be installed. */
  readonly sha256?: string;
  /** Why there is none. */
  readonly reason?: string;
}

/** What `updateLock` found: the lock to write, and what differs from the one before. */
export interface LockUpdate {
  readonly lock: ComponentLock;
  /** Commits before and after, of every source that was asked. */
  readonly sources: readonly { readonly source: string; readonly before?: string; readonly after: string }[];
  /** Only what is different. A component that is gone stays pinned as it was, so that a run says so. */
  readonly changes: readonly ComponentChange[];
}

/**
 * Asks every source for its newest state and pins the components of the lock to what they are there. Sources of the
 * lock that are not among `specs` are left as they are. `directory` is where the lock file lies. Throws what
 * `openSource` throws.
 */
export async function updateLock(
  lock: ComponentLock,
  specs: readonly SourceSpec[],
  context: SourceContext,
  directory = "/",
): Promise<LockUpdate> {
  const sources: { source: string; before?: string; after: string }[] = [];
  const changes: ComponentChange[] = [];
  let components = lock.components;
  for (const spec of specs) {
    const source = lockedSource(spec, directory);
    const catalog = await openCatalog(spec, { ...context, refresh: true });
    const before = lock.sources[source];
    sources.push({ source, ...(before === undefined ? {} : { before }), after: catalog.revision });
    for (const component of lock.components.filter((item) => item.source === source)) {
      const change = await compare(component, catalog);
      if (change === undefined) continue;
      changes.push(change);
      const { sha256 } = change;
      if (sha256 !== undefined)
        components = components.map((item) => (item === component ? { ...component, sha256 } : item));
    }
  }
  const revisions = Object.fromEntries(
    sources.filter(({ before }) => before !== undefined).map(({ source, after }) => [source, after]),
  );
  return { lock: { version: 1, sources: { ...lock.sources, ...revisions }, components }, sources, changes };
}

async function compare(component: LockedComponent, catalog: Catalog): Promise<ComponentChange | undefined> {
  const entry = catalog.entries.find((item) => item.kind === component.kind && item.name === component.name);
  if (entry === undefined) return { component, reason: "is gone from its source" };
  const { readEntry } = await import("../catalog/read-entry.ts");
  try {
    const { sha256 } = await readEntry(await catalog.tree(), entry);
    return sha256 === component.sha256 ? undefined : { component, sha256 };
  } catch (error) {
    if (error instanceof ComponentRefusal) return { component, reason: error.reason };
    throw error;
  }
}
