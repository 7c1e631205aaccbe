const snapshotPrefix = "snapshot:";
const rootSnapshotPrefix = "root-snapshot:";

/** What a sandbox starts from, as the Worker takes it. */
export type TemplateSource = { readonly image: string } | { readonly snapshot: string };

/** A template's reference for a snapshot. One of a sandbox with a root inside is told apart: it may hold what root made. */
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
