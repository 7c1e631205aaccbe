const snapshotPrefix = "snapshot:";
const rootSnapshotPrefix = "root-snapshot:";

/** What a sandbox starts from, in the form of the Worker's protocol. */
export type TemplateSource = { readonly image: string } | { readonly snapshot: string };

/** Returns the reference of a snapshot. Those of sandboxes with a root inside differ: they may contain root's changes. */
export function snapshotReference(id: string, rootInside: boolean): string {
  return `${rootInside ? rootSnapshotPrefix : snapshotPrefix}${id}`;
}

export function isRootSnapshot(reference: string): boolean {
  return reference.startsWith(rootSnapshotPrefix);
}

export function templateSource(reference: string): TemplateSource {
  for (const prefix of [snapshotPrefix, rootSnapshotPrefix]) {
    if (reference.startsWith(prefix)) return { snapshot: reference.slice(prefix.length) };
  }
  return { image: reference };
}
