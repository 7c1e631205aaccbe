import type { CallOptions } from "@glovebox/core/provider";
import type { VendorInfo } from "@glovebox/provider-kit";
import type { V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import { statusOf } from "../cluster/cluster-errors.ts";
import type { KubernetesContext } from "../kubernetes-context.ts";
import { labelSelector } from "../pod/pod-names.ts";
import { sandboxInfo, volumeInfo } from "./sandbox-info.ts";

const limit = 250;
/** A list that takes longer than the cluster keeps its versions is begun again. */
const attempts = 3;

interface Page<T> {
  readonly items: readonly T[];
  readonly metadata?: { readonly _continue?: string };
}

/** `ProviderDefinition.list`: pods, and volumes whose pods are gone. Rejects rather than being incomplete. */
export async function* listSandboxes(
  context: KubernetesContext,
  labels: Readonly<Record<string, string>>,
  call: CallOptions,
): AsyncGenerator<VendorInfo, void, undefined> {
  const { settings } = context;
  const seen = new Set<string>();
  const left = new Map<string, VendorInfo>();
  // The volumes first: a pod that is created meanwhile is then listed as one, and not left out.
  const volumes = settings.storageClass === undefined ? [] : await listVolumes(context, labels, call);
  for (const volume of volumes) {
    const info = volume.metadata?.deletionTimestamp === undefined ? volumeInfo(volume) : undefined;
    if (info !== undefined) left.set(info.id, info);
  }
  for (const pod of await listPods(context, labels, call)) {
    const info = sandboxInfo(pod);
    if (info === undefined || seen.has(info.id)) continue;
    seen.add(info.id);
    yield info.state === "unknown" ? (left.get(info.id) ?? info) : info;
  }
  for (const [id, info] of left) if (!seen.has(id)) yield info;
}

async function listPods(
  context: KubernetesContext,
  labels: Readonly<Record<string, string>>,
  call: CallOptions,
): Promise<readonly V1Pod[]> {
  const { cluster, settings } = context;
  const namespace = await context.namespace();
  return allPages(labels, (query) =>
    cluster.read("listing the pods", call, ({ core }) =>
      settings.allNamespaces ? core.listPodForAllNamespaces(query) : core.listNamespacedPod({ namespace, ...query }),
    ),
  );
}

async function listVolumes(
  context: KubernetesContext,
  labels: Readonly<Record<string, string>>,
  call: CallOptions,
): Promise<readonly V1PersistentVolumeClaim[]> {
  const { cluster, settings } = context;
  const namespace = await context.namespace();
  return allPages(labels, (query) =>
    cluster.read("listing the volumes", call, ({ core }) =>
      settings.allNamespaces
        ? core.listPersistentVolumeClaimForAllNamespaces(query)
        : core.listNamespacedPersistentVolumeClaim({ namespace, ...query }),
    ),
  );
}

interface Query {
  readonly labelSelector: string;
  readonly limit: number;
  /** Where the page begins; absent for the first. */
  readonly _continue?: string;
}

async function allPages<T>(
  labels: Readonly<Record<string, string>>,
  readPage: (query: Query) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const query = { labelSelector: labelSelector(labels), limit };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const items: T[] = [];
      let from: string | undefined;
      do {
        const page = await readPage(from === undefined ? query : { ...query, _continue: from });
        items.push(...page.items);
        from = page.metadata?._continue || undefined;
      } while (from !== undefined);
      return items;
    } catch (error) {
      if (statusOf(error) !== 410 || attempt === attempts) throw error;
    }
  }
}
