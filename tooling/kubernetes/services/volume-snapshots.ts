import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import type { ApiClient, KubernetesObject } from "./api-client.ts";
import { copyDirectory } from "./copy-directory.ts";

const group = "snapshot.storage.k8s.io";
const driver = "glovebox.test/directory";

interface VolumeSnapshot extends KubernetesObject {
  readonly spec: {
    readonly volumeSnapshotClassName?: string;
    readonly source: { readonly persistentVolumeClaimName?: string };
  };
  readonly status?: { readonly readyToUse?: boolean };
}

interface Claim extends KubernetesObject {
  readonly spec: {
    readonly volumeName?: string;
    readonly resources: { readonly requests: { readonly storage: string } };
  };
}

function definition(kind: string, plural: string, scope: "Namespaced" | "Cluster"): object {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${group}`,
      annotations: { "api-approved.kubernetes.io": "https://github.com/kubernetes-csi/external-snapshotter/pull/419" },
    },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: "v1", served: true, storage: true, schema, subresources: { status: {} } }],
    },
  };
}

function snapshotPath(directory: string, snapshot: KubernetesObject): string {
  return `${directory}/snapshot-${snapshot.metadata.uid}`;
}

/** Returns the directory of a snapshot that is ready; undefined while there is none. */
export async function snapshotDirectory(
  api: ApiClient,
  directory: string,
  namespace: string,
  name: string,
): Promise<string | undefined> {
  const snapshots = await api.list<VolumeSnapshot>(`/apis/${group}/v1/namespaces/${namespace}/volumesnapshots`);
  const snapshot = snapshots.find(({ metadata }) => metadata.name === name);
  return snapshot?.status?.readyToUse ? snapshotPath(directory, snapshot) : undefined;
}

/** Serves `VolumeSnapshot` for volumes that are directories: a snapshot is a copy. */
export class VolumeSnapshots {
  readonly #api: ApiClient;
  readonly #directory: string;

  constructor(api: ApiClient, directory: string) {
    this.#api = api;
    this.#directory = directory;
  }

  async define(): Promise<void> {
    const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    await this.#api.create(definitions, definition("VolumeSnapshot", "volumesnapshots", "Namespaced"));
    await this.#api.create(definitions, definition("VolumeSnapshotClass", "volumesnapshotclasses", "Cluster"));
  }

  /** Creates the class `standard`. Throws until the API server serves what {@link define} defined. */
  async createClass(): Promise<void> {
    await this.#api.create(`/apis/${group}/v1/volumesnapshotclasses`, {
      apiVersion: `${group}/v1`,
      kind: "VolumeSnapshotClass",
      metadata: { name: "standard" },
      driver,
      deletionPolicy: "Delete",
    });
  }

  async reconcile(): Promise<void> {
    const snapshots = await this.#api.list<VolumeSnapshot>(`/apis/${group}/v1/volumesnapshots`);
    for (const snapshot of snapshots) {
      if (!snapshot.status?.readyToUse) await this.#take(snapshot);
    }
    const wanted = new Set(snapshots.map((snapshot) => snapshotPath(this.#directory, snapshot)));
    for (const name of await readdir(this.#directory)) {
      const path = `${this.#directory}/${name}`;
      if (name.startsWith("snapshot-") && !wanted.has(path)) await rm(path, { recursive: true, force: true });
    }
  }

  async #take(snapshot: VolumeSnapshot): Promise<void> {
    const { namespace, name } = snapshot.metadata;
    const claims = await this.#api.list<Claim>(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`);
    const claim = claims.find(({ metadata }) => metadata.name === snapshot.spec.source.persistentVolumeClaimName);
    const volume = `${this.#directory}/${claim?.spec.volumeName}`;
    if (!claim?.spec.volumeName || !existsSync(volume)) return;
    await copyDirectory(volume, snapshotPath(this.#directory, snapshot));
    await this.#api.patch(`/apis/${group}/v1/namespaces/${namespace}/volumesnapshots/${name}/status`, {
      status: {
        readyToUse: true,
        creationTime: new Date().toISOString(),
        restoreSize: claim.spec.resources.requests.storage,
      },
    });
  }
}
