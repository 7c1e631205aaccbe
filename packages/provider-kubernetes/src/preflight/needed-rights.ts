import type { KubernetesSettings } from "../kubernetes-settings.ts";

/** A right at the API server. */
export interface Right {
  /** The API group; empty for the core. */
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly verb: string;
  /** In every namespace, not only in that of the sandboxes. */
  readonly everywhere: boolean;
  /** Sandboxes work without it, and something is missing. */
  readonly isOptional: boolean;
}

/** The least rights that sandboxes with these settings need. */
export function neededRights({
  storageClass,
  snapshotClass,
  poolSize = 0,
  allNamespaces = false,
}: KubernetesSettings): readonly Right[] {
  const right = (group: string, resource: string, verbs: readonly string[], more: Partial<Right> = {}): Right[] =>
    verbs.map((verb) => ({ group, resource, verb, everywhere: false, isOptional: false, ...more }));
  return [
    ...right("", "pods", ["create", "get", "watch", "patch", "delete"]),
    ...right("", "pods", ["list"], { everywhere: allNamespaces }),
    // Clusters since 1.35 ask for the second as well.
    ...right("", "pods", ["get", "create"], { subresource: "exec" }),
    ...right("networking.k8s.io", "networkpolicies", ["get", "create"], { isOptional: true }),
    ...right("", "events", ["list"], { isOptional: true }),
    // Without them sandboxes start without a pool.
    ...(poolSize === 0
      ? []
      : right("apps", "replicasets", ["create", "get", "list", "patch", "delete"], { isOptional: true })),
    ...(snapshotClass === undefined
      ? []
      : right("snapshot.storage.k8s.io", "volumesnapshots", ["create", "get", "delete"])),
    ...(storageClass === undefined
      ? []
      : [
          ...right("", "persistentvolumeclaims", ["create", "get", "patch", "delete"]),
          ...right("", "persistentvolumeclaims", ["list"], { everywhere: allNamespaces }),
        ]),
  ];
}
