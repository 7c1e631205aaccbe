import { chmod, mkdir, rm } from "node:fs/promises";
import type { ApiClient, KubernetesObject } from "./api-client.ts";
import { copyDirectory } from "./copy-directory.ts";
import { snapshotDirectory } from "./volume-snapshots.ts";

export const volumeProvisioner = "glovebox.test/directory";

interface Claim extends KubernetesObject {
  readonly spec: {
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly accessModes: readonly string[];
    readonly resources: { readonly requests: { readonly storage: string } };
    readonly dataSource?: { readonly kind: string; readonly name: string };
  };
}

interface Volume extends KubernetesObject {
  readonly spec: { readonly storageClassName?: string; readonly local?: { readonly path: string } };
  readonly status: { readonly phase: string };
}

/**
 * Provisions volumes as directories that every node mounts, as a storage on the network does: a volume survives its node.
 * They are volumes of the kind `local`, since kubelet gives those to the group of the pod (`fsGroup`).
 */
export class DirectoryVolumes {
  readonly #api: ApiClient;
  readonly #directory: string;

  constructor(api: ApiClient, directory: string) {
    this.#api = api;
    this.#directory = directory;
  }

  async reconcile(): Promise<void> {
    const classes = await this.#api.list<KubernetesObject & { provisioner: string }>(
      "/apis/storage.k8s.io/v1/storageclasses",
    );
    const ours = new Set(
      classes.filter(({ provisioner }) => provisioner === volumeProvisioner).map(({ metadata }) => metadata.name),
    );
    const claims = await this.#api.list<Claim>("/api/v1/persistentvolumeclaims");
    for (const claim of claims) {
      if (!claim.spec.volumeName && ours.has(claim.spec.storageClassName ?? "")) await this.#provision(claim);
    }
    const volumes = await this.#api.list<Volume>("/api/v1/persistentvolumes");
    for (const volume of volumes) {
      const released = volume.status.phase === "Released" || volume.status.phase === "Failed";
      if (released && ours.has(volume.spec.storageClassName ?? "")) await this.#remove(volume);
    }
  }

  async #provision(claim: Claim): Promise<void> {
    const { name: claimName, namespace, uid } = claim.metadata;
    const name = `pvc-${uid}`;
    const path = `${this.#directory}/${name}`;
    const source = claim.spec.dataSource;
    if (source) {
      const snapshot = await snapshotDirectory(this.#api, this.#directory, namespace ?? "", source.name);
      if (!snapshot) return;
      await copyDirectory(snapshot, path);
    } else {
      await mkdir(path, { recursive: true });
      await chmod(path, 0o755);
    }
    await this.#api.create("/api/v1/persistentvolumes", {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name },
      spec: {
        capacity: { storage: claim.spec.resources.requests.storage },
        accessModes: claim.spec.accessModes,
        persistentVolumeReclaimPolicy: "Delete",
        storageClassName: claim.spec.storageClassName,
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name: claimName, namespace, uid },
        local: { path: `/mnt/volumes/${name}` },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/os", operator: "In", values: ["linux"] }] }],
          },
        },
      },
    });
  }

  async #remove(volume: Volume): Promise<void> {
    await rm(`${this.#directory}/${volume.metadata.name}`, { recursive: true, force: true });
    await this.#api.delete(`/api/v1/persistentvolumes/${volume.metadata.name}`);
  }
}
